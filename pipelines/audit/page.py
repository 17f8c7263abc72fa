"""The quality report as one HTML page: self-contained, escaped, without scripts; rendered from the JSON alone."""

from __future__ import annotations

import base64
import hashlib
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.audit import charts
from pipelines.audit.held import HELD_BACK
from pipelines.members import in_words

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
NOTHING = "–"
STATES = {
    "passed": ("Passed", "通过"),
    "failed": ("Failed", "未通过"),
    "error": ("Error", "出错"),
    "not_run": ("NOT RUN", "未执行"),
    "warned": ("Warned", "警告"),
    "waived": ("Waived", "豁免"),
    "not_applicable": ("Not applicable", "不适用"),
}
KINDS = {
    "quarantined": ("Quarantined at landing", "落地时隔离", "quarantined at landing"),
    "held": ("Held in the warehouse", "仓内暂扣", "held in the warehouse"),
    "duplicate": ("Duplicate, counted once", "重复行", "delivered again and counted once"),
    "rejected": ("Rejected with its file", "随文件拒收", "rejected with their file"),
}


def _decimal(value: object) -> Decimal | None:
    try:
        return None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None


def _rounded(found: Decimal, places: int) -> str:
    """Thousands separated, half away from zero like every rounding of ours, with a true minus sign."""
    rounded = found.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{rounded:,f}".replace("-", "−")


def number(value: object) -> str:
    """A count with thousands separators."""
    found = _decimal(value)
    return NOTHING if found is None else _rounded(found, 0)


def money(value: object) -> str:
    """An amount with two decimals, or as many up to four as it needs: nothing is rounded away unseen."""
    found = _decimal(value)
    if found is None:
        return NOTHING
    text = _rounded(found, 4)
    return text[:-2] if text.endswith("00") else text


def amount_as(value: object, kind: str) -> str:
    """A sum that is money or a count."""
    return number(value) if kind == "number" else money(value)


def figure(value: object, unit: object) -> str:
    """A KPI's value in its unit: money, ratio as per cent, count, days or score."""
    found = _decimal(value)
    if found is None:
        return NOTHING
    if unit == "ratio":
        return f"{_rounded(found * 100, 2)} %"
    if unit == "count":
        return _rounded(found, 0 if found == found.to_integral_value() else 2)
    return _rounded(found, 2 if unit == "money" else 1)


def change(value: object, unit: object) -> str:
    """A difference with its sign; that of ratios in percentage points: per cent of a ratio would be another number."""
    found = _decimal(value)
    if found is None:
        return NOTHING
    if not found:
        return "0"
    said = f"{_rounded(found * 100, 2)} pp" if unit == "ratio" else figure(found, unit)
    return f"+{said}" if found > 0 else said


def variant(one: dict[str, Any]) -> dict[str, str]:
    """What a form of a KPI is called in both languages: nothing for the main one, its code where it has no name."""
    code = str(one["kpi_variant"])
    if code == "main":
        return {"en": "", "zh": ""}
    return {"en": str(one.get("variant_name_en") or code), "zh": str(one.get("variant_name_zh") or "")}


def _open_months(report: dict[str, Any]) -> frozenset[str]:
    """Months of the headline that are not closed."""
    return frozenset(
        str(one["fiscal_month"]) for one in report["headline"] if one.get("is_period_closed") is False
    )


def size(value: object) -> str:
    """Bytes in a unit for reading."""
    found = _decimal(value)
    if found is None:
        return NOTHING
    return f"{found / 1024:,.0f} KiB" if found < 1024 * 1024 else f"{found / 1024 / 1024:,.1f} MiB"


@cache
def _style() -> str:
    return (TEMPLATES / "report.css").read_text(encoding="utf-8")


def content_policy() -> str:
    """The page's content security policy: one stylesheet by its hash, pictures by data, nothing else."""
    hashed = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{hashed}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=number,
        money=money,
        amount_as=amount_as,
        figure=figure,
        change=change,
        variant=variant,
        size=size,
        feed=_feed_name,
        wbr=_breakable,
        in_words=in_words,
    )
    environment.globals.update(states=STATES, kinds=KINDS, held_kinds=HELD_BACK, nothing=NOTHING)
    return environment


def _feed_name(name: object) -> str:
    return str(name).replace("__", ".")


def _breakable(name: object) -> Any:
    """A long technical name that may break after an underscore or a dot."""
    from markupsafe import Markup, escape

    text = str(escape(str(name)))
    return Markup(text.replace("_", "_<wbr>").replace(".", ".<wbr>"))  # noqa: S704 - escaped just above


def _flow(report: dict[str, Any]) -> dict[str, int]:
    landing = report["reconciliation"]["landing"]
    return {
        outcome: sum(int(row[f"rows_{outcome}"] or 0) for row in landing)
        for outcome in ("read", "accepted", "quarantined", "duplicate", "rejected")
    }


def _reporting_currencies(report: dict[str, Any]) -> list[str]:
    return sorted({row["reporting_currency"] for row in report["revenue_by_channel_type"]})


def render(report: dict[str, Any]) -> str:
    """The page of a report; the same report gives the same bytes."""
    series, open_months = report["revenue_by_channel_type"], _open_months(report)
    results = report["checks"]["results"]
    attention = [one for one in results if one["status"] not in ("passed", "not_applicable")]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            style=_style(),
            content_policy=content_policy(),
            flow=_flow(report),
            attention=attention,
            mart_names=_mart_names(report),
            open_months=sorted(open_months),
            revenue_charts=[
                charts.revenue_by_channel_type(series, one, open_months)
                for one in _reporting_currencies(report)
            ],
            check_chart=charts.check_matrix(results),
            held_chart=charts.held_share_by_feed(report["reconciliation"]["landing"]),
        )
    )


def _mart_names(report: dict[str, Any]) -> list[str]:
    names: list[str] = []
    for total in report["reconciliation"]["marts"]:
        names += [one["mart"] for one in total["marts"] if one["mart"] not in names]
    return names
