"""Pictures of the report: SVG drawn by hand, so that they need no script, no library and no style of their own.

Colours and fonts come from the page's stylesheet by class. Each picture has a title and a description, and stands
beside a table with the same figures.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from markupsafe import Markup

WIDTH = 760
PANEL = 58
LABELS = 150
VALUES = 96
SQUARE = 11
GAP = 3
STATE_NAMES = {
    "passed": "passed", "failed": "failed", "error": "error", "not_run": "NOT RUN", "warned": "warned",
    "waived": "waived", "not_applicable": "not applicable",
}  # fmt: skip


def short(value: Decimal) -> str:
    """A number for a picture: 1.24 m, 18.3 k, 940."""
    size = abs(value)
    for limit, unit in ((Decimal(10) ** 9, " bn"), (Decimal(10) ** 6, " m"), (Decimal(10) ** 3, " k")):
        if size >= limit:
            digits = 2 if size < 10 * limit else 1
            return f"{value / limit:.{digits}f}{unit}".replace("-", "−")
    return f"{value:.0f}".replace("-", "−")


def _svg(height: int, title: str, description: str, body: list[Markup], name: str) -> Markup:
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{n}-t {n}-d">'
        '<title id="{n}-t">{t}</title><desc id="{n}-d">{d}</desc>{body}</svg>'
    ).format(w=WIDTH, h=height, n=name, t=title, d=description, body=Markup("").join(body))


def _text(x: float, y: float, text: str, kind: str) -> Markup:
    return Markup('<text x="{}" y="{}" class="{}">{}</text>').format(f"{x:.1f}", f"{y:.1f}", kind, text)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    points = (f"{value:.1f}" for value in (x1, y1, x2, y2))
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(*points, kind)


def _years(months: list[str], left: float, step: float, height: int) -> list[Markup]:
    marks: list[Markup] = []
    for index, month in enumerate(months):
        if month.endswith("-01") or (index == 0 and len(months) < 12):
            x = left + index * step
            marks.append(_line(x, 6, x, height - 22, "year"))
            marks.append(_text(x + 3, height - 10, month[:4], "axis"))
    return marks


def _panel(
    name: str,
    values: dict[str, Decimal],
    months: list[str],
    top: float,
    bounds: tuple[Decimal, Decimal],
    *,
    is_open: bool,
) -> list[Markup]:
    low, high = bounds
    span = (high - low) or Decimal(1)
    step = (WIDTH - LABELS - VALUES) / max(1, len(months) - 1)

    def y_of(value: Decimal) -> float:
        return top + PANEL - 8 - float((value - low) / span) * (PANEL - 16)

    points = [(LABELS + i * step, y_of(values.get(m, Decimal(0)))) for i, m in enumerate(months)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in (points[:-1] if is_open else points))
    zero = y_of(Decimal(0))
    area = f"{points[0][0]:.1f},{zero:.1f} {path} {points[-1][0]:.1f},{zero:.1f}"
    last = values.get(months[-1], Decimal(0))
    return [
        Markup('<polygon points="{}" class="area"/>').format(area),
        _line(LABELS, zero, WIDTH - VALUES, zero, "base"),
        Markup('<polyline points="{}" class="curve"/>').format(told),
        *([_line(*points[-2], *points[-1], "curve so-far")] if is_open else []),
        Markup('<circle cx="{}" cy="{}" r="2.6" class="{}"/>').format(
            f"{points[-1][0]:.1f}", f"{points[-1][1]:.1f}", "dot so-far" if is_open else "dot"
        ),
        _text(0, zero - 14, name, "label"),
        _text(0, zero, f"{short(sum(values.values(), Decimal(0)))} in all", "axis"),
        _text(WIDTH - VALUES + 10, points[-1][1] + 4, short(last), "value"),
    ]


def revenue_by_channel_type(
    series: list[dict[str, Any]], currency: str, open_months: frozenset[str] = frozenset()
) -> Markup:
    """Net revenue by month, one panel per channel type on one common scale, largest first.

    The way to a last month that is not closed is dashed and its point hollow.
    """
    by_type: dict[str, dict[str, Decimal]] = {}
    for row in series:
        if row["reporting_currency"] == currency and row["net_revenue"] is not None:
            by_type.setdefault(row["channel_type"], {})[row["fiscal_month"]] = Decimal(row["net_revenue"])
    months = sorted({month for values in by_type.values() for month in values})
    if len(months) < 2:
        return Markup("")
    everything = [value for values in by_type.values() for value in values.values()]
    bounds = (min(Decimal(0), *everything), max(Decimal(0), *everything))
    ordered = sorted(by_type, key=lambda name: (-sum(by_type[name].values()), name))
    height = PANEL * len(ordered) + 30
    step = (WIDTH - LABELS - VALUES) / (len(months) - 1)
    body = _years(months, LABELS, step, height)
    for index, name in enumerate(ordered):
        is_open = months[-1] in open_months
        body += _panel(name, by_type[name], months, index * PANEL, bounds, is_open=is_open)
    title = f"Net revenue by channel type and month, {currency}"
    said = "; ".join(f"{name}: {short(sum(by_type[name].values(), Decimal(0)))} in all" for name in ordered)
    return _svg(height, title, f"{months[0]} to {months[-1]}. {said}.", body, f"revenue-{currency}")


def _square(x: float, y: float, check: dict[str, Any]) -> Markup:
    state = check["status"]
    title = f"{check['check_id']}: {STATE_NAMES[state]}"
    square = Markup(
        '<g class="check {s}"><title>{t}</title><rect x="{x}" y="{y}" width="{w}" height="{w}"/>'
    ).format(s=state, t=title, x=f"{x:.0f}", y=f"{y:.0f}", w=SQUARE)
    if state in ("failed", "error"):
        far_x, far_y = x + SQUARE - 3, y + SQUARE - 3
        square += _line(x + 3, y + 3, far_x, far_y, "cross") + _line(x + 3, far_y, far_x, y + 3, "cross")
    if state in ("warned", "waived"):
        square += _line(x + SQUARE / 2, y + 2.5, x + SQUARE / 2, y + SQUARE - 2.5, "cross")
    return square + Markup("</g>")


def check_matrix(results: list[dict[str, Any]]) -> Markup:
    """One square per check, in a block per layer; what did not pass comes first and differs in shape, not only tone."""
    layers: dict[str, list[dict[str, Any]]] = {}
    for check in results:
        layers.setdefault(str(check["layer"]), []).append(check)
    per_row = (WIDTH - LABELS) // (SQUARE + GAP)
    body: list[Markup] = []
    top = 4.0
    for layer in sorted(layers, key=_layer_order):
        checks = layers[layer]
        body.append(_text(0, top + 9, layer, "label"))
        body.append(_text(0, top + 23, f"{len(checks)} checks", "axis"))
        for index, check in enumerate(checks):
            row, column = divmod(index, per_row)
            body.append(_square(LABELS + column * (SQUARE + GAP), top + row * (SQUARE + GAP), check))
        rows = -(-len(checks) // per_row)
        top += max(rows * (SQUARE + GAP), 28) + 12
    counts = {state: sum(check["status"] == state for check in results) for state in STATE_NAMES}
    said = ", ".join(f"{count} {STATE_NAMES[state]}" for state, count in counts.items() if count)
    return _svg(int(top), "Checks by layer and result", f"{said}.", body, "checks")


def _layer_order(layer: str) -> tuple[int, str]:
    known = ("landing", "core", "mart", "release")
    return (known.index(layer) if layer in known else len(known), layer)


def _shares(landing: list[dict[str, Any]]) -> list[tuple[str, int, dict[str, int]]]:
    feeds: dict[str, dict[str, int]] = {}
    for row in landing:
        sums = feeds.setdefault(row["feed"], {})
        for outcome in ("read", "quarantined", "rejected", "duplicate"):
            sums[outcome] = sums.get(outcome, 0) + int(row[f"rows_{outcome}"] or 0)
    return [(name, sums["read"], sums) for name, sums in sorted(feeds.items()) if sums["read"]]


def held_share_by_feed(landing: list[dict[str, Any]], limit: float = 0.02) -> Markup:
    """Share of rows not taken in, by feed that has any, with the limit of two per cent as a line."""
    parts = ("quarantined", "rejected", "duplicate")
    feeds = [one for one in _shares(landing) if any(one[2][part] for part in parts)]
    if not feeds:
        return Markup("")
    widest = max(max(sum(sums[part] for part in parts) / read for _, read, sums in feeds) * 1.05, limit * 1.3)
    scale = (WIDTH - LABELS - 40 - 190) / widest
    left, row_height = LABELS + 40, 22
    height = len(feeds) * row_height + 26
    mark = left + limit * scale
    body = [
        _line(mark, 2, mark, height - 20, "limit"),
        _text(mark + 4, height - 8, "limit for quarantine 2 %", "axis"),
    ]
    for index, (name, read, sums) in enumerate(feeds):
        y, x = index * row_height + 4.0, float(left)
        body.append(_text(0, y + 11, name.replace("__", "."), "label"))
        body.append(_line(left, y + 7, left + widest * scale, y + 7, "track"))
        for part in parts:
            width = sums[part] / read * scale
            if width:
                body.append(
                    Markup('<rect x="{}" y="{}" width="{}" height="9" class="{}"/>').format(
                        f"{x:.1f}", f"{y + 2.5:.1f}", f"{max(width, 1):.1f}", f"bar {part}"
                    )
                )
            x += width
        said = f"{sums['quarantined'] + sums['rejected']:,} out, {sums['duplicate']:,} double, of {read:,}"
        body.append(_text(WIDTH - 184, y + 11, said, "axis"))
    title = "Rows not taken in, as a share of rows read, by feed"
    described = "; ".join(f"{n}: {s['quarantined']} quarantined of {r}" for n, r, s in feeds)
    return _svg(height, title, described, body, "held")
