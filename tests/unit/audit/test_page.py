import base64
import copy
import hashlib
import re
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser

import pytest

from pipelines.audit.page import change, content_policy, figure, money, number, render
from quality.metrics import variant_name

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<body onload=alert(1)>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<object data=https://evil.example/x.swf></object>",
    "<form action=https://evil.example><button>x</button></form>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "{{ 7 * 7 }}{% raw %}<b onmouseover=alert(1)>x</b>",
    "&lt;script&gt;<input autofocus onfocus=alert(1)>\u2028",
]
ALLOWED = {
    "a", "b", "body", "br", "caption", "circle", "code", "dd", "desc", "div", "dl", "dt", "figcaption", "figure",
    "footer", "g", "h1", "h2", "h3", "head", "header", "html", "i", "li", "line", "link", "main", "meta", "nav", "ol",
    "p", "polygon", "polyline", "pre", "rect", "section", "small", "span", "style", "svg", "table", "tbody", "td",
    "text", "th", "thead", "title", "tr", "ul", "wbr",
}  # fmt: skip
LOOKED_UP = {"status", "verdict", "format", "kind"}


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def is_number(text):
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def spoiled(value, payload):
    if isinstance(value, dict):
        return {
            key: one if key in LOOKED_UP and isinstance(one, str) else spoiled(one, payload)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [spoiled(one, payload) for one in value]
    return payload if isinstance(value, str) and not is_number(value) else value


def poisoned(report, payload):
    """The report with the payload in place of every text; amounts stay, and months, so that pictures are drawn."""
    hostile = spoiled(copy.deepcopy(report), payload)
    for before, after in zip(
        report["revenue_by_channel_type"], hostile["revenue_by_channel_type"], strict=True
    ):
        after["fiscal_month"] = before["fiscal_month"]
    hostile["evidence"]["engines"] = {payload: payload}
    hostile["held_back"]["groups"][0]["amounts"] = {payload: "1.00"}
    return hostile


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_in_any_field_becomes_live(report, payload):
    hostile = poisoned(report, payload)
    elements = Elements(render(hostile)).found
    assert {tag for tag, _ in elements} <= ALLOWED
    for _, attributes in elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcdoc")
        ]
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))
    assert [tag for tag, _ in elements].count("style") == 1


def test_69_a_script_in_a_cell_is_text_on_the_page(report):
    hostile = poisoned(report, "<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in render(hostile)


def test_page_names_no_other_host_and_allows_one_style_alone(report):
    page = render(report)
    assert not re.search(r"https?:|//[a-z]", page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert content_policy().startswith(f"default-src 'none'; style-src 'sha256-{hashed}'; img-src data:;")
    assert "script" not in {tag for tag, _ in Elements(page).found}
    assert " style=" not in page


def test_page_says_verdict_release_and_how_to_verify(report):
    page = render(report)
    assert ">Passed <" in page
    assert "weir verify 2024-02-29.0002.ab12cd34" in page
    assert '<main id="content">' in page
    assert "销售净额" in page
    assert "196,040.00" in page


def test_page_names_extracts_that_later_ones_replace(report):
    text = re.sub(r"<[^>]+>", "", render(report))
    shown = (
        "lines_1.csv (erp, 1,204 declared rows) by lines_1_again.csv, 2024-02-06: returns were missing, says "
    )
    assert shown in text
    assert "(source.yaml)" in text
    assert "anna@example.com" not in text


def test_page_names_the_sources_of_the_home_that_the_run_did_not_name(report):
    text = re.sub(r"<[^>]+>", "", render(report))
    assert (
        "Also in this home, and in these figures: old_shop (last landed 2024-02-06), which this run" in text
    )
    assert "old_shopnot named2024-02-062763" in text  # 2 extracts, 7 rows read, 6 accepted, 3 order lines
    alone = copy.deepcopy(report)
    alone["landing"]["sources"] = [one for one in alone["landing"]["sources"] if one["is_named"]]
    assert "Also in this home" not in render(alone)
    assert "Sources in this home" not in render(alone)


def test_a_refused_page_says_why_and_that_nothing_was_published(refused):
    page = render(refused)
    assert ">Refused <" in page
    assert "Nothing was published." in page
    assert "M01.mart_customer_360 failed: 1 row" in page
    assert "NOT RUN" in page
    assert "weir verify" not in page


def test_an_empty_report_renders(tmp_path):
    from pipelines.audit.report import build_report

    said = {"verdict": "refused", "reasons": [], "as_of": None, "results": []}
    page = render(build_report(tmp_path, said, {}, None, {}))
    assert "There is no earlier release" in page
    assert "No row was held back." in page


def test_same_report_same_bytes(report):
    assert render(report) == render(copy.deepcopy(report))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1234.5000", "1,234.50"),
        ("0.0378", "0.0378"),
        ("-2.1", "−2.10"),
        (None, "–"),
        ("12.34565", "12.3457"),
    ],
)
def test_money_rounds_nothing_away_unseen(value, expected):
    assert money(value) == expected


def test_figures_are_shown_in_their_unit():
    assert figure("0.12345", "ratio") == "12.35 %"  # 12.345 %, half away from zero
    assert figure("1234567.891", "money") == "1,234,567.89"
    assert figure("17", "count") == "17"
    assert figure(None, "money") == "–"
    assert number("1234") == "1,234"
    assert change("5", "count") == "+5"
    assert change("-5", "count") == "−5"
    assert change("0.00", "money") == "0"
    assert change("0.0125", "ratio") == "+1.25 pp"  # from 10 % to 11.25 %: 12.5 per cent more, 1.25 points
    assert change("-0.0125", "ratio") == "−1.25 pp"


def test_a_figure_without_a_value_is_no_row_and_an_open_month_is_marked(report):
    text = re.sub(r"<[^>]+>", "", render(report))
    assert "K02 Net revenue 销售净额\n2024-02*\n" in text
    assert "* 2024-02 is not closed as of 2024-02-29: its figures can still change." in text
    assert "Without a value, no data: K33 Market share 市场份额." in text
    assert "the last month, which is not closed (dashed)" in text
    closed = copy.deepcopy(report)
    for one in closed["headline"]:
        one["is_period_closed"] = True
    page = render(closed)
    assert "2024-02*" not in page
    assert "not closed" not in page.split('id="checks"')[0]


def test_a_form_of_a_kpi_is_called_by_its_name(report):
    shown = copy.deepcopy(report)
    one = next(one for one in shown["headline"] if one["kpi_code"] == "K02")
    one |= {"kpi_code": "K16", "kpi_variant": "a", **variant_name("K16", "a")}
    assert ": over what is left of the quota <" in render(shown)
    one |= {"variant_name_en": "", "variant_name_zh": ""}
    assert ": a <" in render(shown)  # a report that was written before forms had names


def test_page_tells_the_code_that_made_it(report):
    assert f"package <code>{'c' * 64}</code>, commit <code>{'f' * 40}</code>" in render(report)


def test_rows_held_back_are_one_number_everywhere_and_duplicates_are_apart(report):
    shown = copy.deepcopy(report)
    # 37 at landing and 4 in the warehouse are 41; the 7 are no part of them
    shown["held_back"] |= {"row_count": 41, "by_kind": {"quarantined": 37, "held": 4, "duplicate": 7}}
    page = render(shown)
    assert "<dd>41<small>37 quarantined at landing, 4 held in the warehouse; 7 duplicates" in page
    assert "the warehouse holds 4: 41 rows are held back in all." in page
    assert (
        "41 rows were held back: 37 quarantined at landing, 4 held in the warehouse. Counted apart: 7 "
        in page
    )
