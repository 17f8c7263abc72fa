"""Which constructs of a model would give another value, or an error, on another engine.

A model is read as source with its macro calls stubbed, because macros may hold what models may not. Two guards:
only functions on the allow-list pass, and rules over the syntax tree and the tokens refuse the rest. The lint is
the quick guard; both engines over the same data are the gate.

    python -m quality.portable_sql dbt_project/models
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlglot
from jinja2 import ChainableUndefined, Environment
from sqlglot import exp
from sqlglot.tokens import TokenType  # type: ignore[attr-defined]

STUB = "(select 1)"
"""Stands for any macro call: a parenthesised query parses as a value, a table, a column and a whole body."""

SILENT_MACROS = ("config", "fixed_rows")
"""Macros that stand where no expression may: they are left out."""

FUNCTIONS = frozenset(
    (
        *("abs", "ceil", "floor", "greatest", "least", "mod", "round"),
        *("count", "max", "min", "sum"),
        *("case", "if", "coalesce", "nullif", "exists", "and", "or", "not", "cast", "try_cast"),
        *("dense_rank", "first_value", "lag", "last_value", "lead", "rank", "row_number", "rownumber"),
        *("date_trunc", "timestamp_trunc", "extract", "last_day"),
        *("concat_ws", "left", "length", "md5", "pad", "right", "split_part", "str_position", "substring"),
    )
)
"""Functions that give the same value everywhere. A new one enters with a case that was run on both engines."""

TYPES = frozenset(("TEXT", "INT", "BIGINT", "DECIMAL", "DATE", "TIMESTAMP", "BOOLEAN"))
PARTS = frozenset(("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "DOY", "DAYOFYEAR", "HOUR", "MINUTE", "SECOND"))
UNSAFE_TYPE_WORDS = frozenset(("varchar", "text", "hugeint", "double", "float", "real", "numeric", "integer"))

FORBIDDEN: dict[type[exp.Expr], str] = {
    exp.Div: "a bare / divides differently: safe_ratio or int_div",
    exp.IntDiv: "// is one engine's: int_div",
    exp.Interval: "date arithmetic by macro",
    exp.Qualify: "no qualify: row_number in a subquery, then filter",
    exp.Bracket: "no [ ]: elements count from another number",
    exp.Array: "no [ ]: elements count from another number",
    exp.Struct: "no struct literals",
    exp.Lambda: "no lambdas",
    exp.Pow: "power gives a float",
    exp.ILike: "text parsing belongs to landing",
    exp.RegexpLike: "regular expressions by macro",
    exp.RegexpILike: "regular expressions by macro",
    exp.SimilarTo: "regular expressions by macro",
    exp.Glob: "regular expressions by macro",
    exp.Pivot: "no pivot",
    exp.TableSample: "no sample: it is another one each time",
    exp.CurrentDate: "no clock: as_of()",
    exp.CurrentTimestamp: "no clock: as_of()",
    exp.CurrentTime: "no clock: as_of()",
    exp.Rand: "nothing random",
    exp.Collate: "one sort order: bytes",
}


@dataclass(frozen=True)
class Finding:
    """One construct that is not portable, and what to write instead."""

    where: str
    what: str


class _Stub(ChainableUndefined):
    """A macro that is called stands for any value; a name that is not called, for a text."""

    def __call__(self, *_: Any, **__: Any) -> str:  # type: ignore[override]
        return "" if self._undefined_name in SILENT_MACROS else STUB

    def __str__(self) -> str:
        return "stub"


def stubbed(source: str) -> str:
    """The SQL of a model with `ref` and `source` as table names and each macro call as a stub."""
    environment = Environment(undefined=_Stub, autoescape=False)  # noqa: S701  the output is parsed, not shown
    known = {
        "ref": lambda *names: names[-1],
        "source": lambda _, name: name,
        "var": lambda *_: "1",
        "return": lambda value: value,
    }
    return environment.from_string(source).render(**known)


def _functions(tree: exp.Expr) -> Iterator[str]:
    for node in tree.find_all(exp.Func):
        name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()
        if name not in FUNCTIONS:
            yield f"function {name} is not on the allow-list"


def _forbidden(tree: exp.Expr) -> Iterator[str]:
    for node in tree.walk():
        for kind, reason in FORBIDDEN.items():
            if isinstance(node, kind):
                yield reason


def _types(tree: exp.Expr) -> Iterator[str]:
    for cast in tree.find_all(exp.Cast):
        kind = cast.to
        if kind.this.name not in TYPES:
            yield f"type {kind.sql('duckdb').lower()} is not portable"
        if kind.this.name in ("INT", "BIGINT") and any(
            not literal.is_string and "." in literal.this for literal in cast.this.find_all(exp.Literal)
        ):
            yield "a decimal cast to an integer rounds or truncates: cast integers only"


def _dates(tree: exp.Expr) -> Iterator[str]:
    for trunc in tree.find_all(exp.DateTrunc, exp.TimestampTrunc):
        if not isinstance(trunc.parent, exp.Cast):
            yield "date_trunc gives a timestamp here and a date there: cast it to date"
    for extract in tree.find_all(exp.Extract):
        if extract.this.name.upper() not in PARTS:
            yield f"extract({extract.this.name.lower()}) counts differently: by macro"
    for sum_ in tree.find_all(exp.Add, exp.Sub):
        if any(_is_date(side) for side in (sum_.left, sum_.right)):
            yield "date arithmetic by macro"


def _is_date(node: exp.Expr) -> bool:
    if isinstance(node, exp.Cast):
        return bool(node.to.this.name in ("DATE", "TIMESTAMP"))
    return isinstance(node, exp.Column) and node.name.lower().endswith(("_date", "_at", "_day", "_on"))


def _windows(tree: exp.Expr) -> Iterator[str]:
    for window in tree.find_all(exp.Window):
        spec = window.args.get("spec")
        if spec is not None and spec.args.get("kind") == "RANGE":
            yield "frames are ROWS, never RANGE"
        ranked = window.this.sql_name().lower() if isinstance(window.this, exp.Func) else ""
        if ranked in ("row_number", "rownumber", "rank", "dense_rank", "lag", "lead") and not window.args.get(
            "order"
        ):
            yield "a ranking window says its order"


SHAPES: tuple[tuple[type[exp.Expr], Callable[[Any], bool], str], ...] = (
    (
        exp.With,
        lambda one: bool(one.args.get("recursive")),
        "no recursion: unrolled joins to a declared depth",
    ),
    (
        exp.Distinct,
        lambda one: bool(one.args.get("on")),
        "no distinct on: row_number in a subquery, then filter",
    ),
    (
        exp.Star,
        lambda one: any(one.args.get(key) for key in ("except", "except_", "replace", "rename")),
        "no exclude, replace or rename: list the columns",
    ),
    (exp.SetOperation, lambda one: bool(one.args.get("by_name")), "no set operation by name"),
    (exp.Group, lambda one: bool(one.args.get("all")), "group by names, not by all"),
    (
        exp.Group,
        lambda one: any(isinstance(item, exp.Literal) for item in one.expressions),
        "group by names, not by numbers",
    ),
    (
        exp.Join,
        lambda one: bool(
            {str(one.args.get("method")).upper(), one.kind} & {"ASOF", "POSITIONAL", "SEMI", "ANTI"}
        ),
        "no asof, positional, semi or anti joins",
    ),
    (
        exp.Literal,
        lambda one: one.is_string and "\\" in one.this,
        "no backslash in a text: one character here, an escape there",
    ),
    (
        exp.Substring,
        lambda one: str(one.args.get("start")) == "0",
        "texts count from 1: from 0 the engines differ",
    ),
)


def _shapes(tree: exp.Expr) -> Iterator[str]:
    for kind, is_bad, reason in SHAPES:
        if any(is_bad(node) for node in tree.find_all(kind)):
            yield reason


def _tokens(sql: str) -> Iterator[str]:
    found = sqlglot.tokenize(sql, read="duckdb")
    words = ["" if one.token_type == TokenType.STRING else one.text.lower() for one in found]
    if any(one.token_type == TokenType.DCOLON for one in found):
        yield "cast(x as type), not x::type"
    if any(one.token_type == TokenType.IDENTIFIER for one in found):
        yield "no double quotes: a column here, a text there"
    for word in UNSAFE_TYPE_WORDS & set(words):
        yield f"type {word}: string, int, bigint, decimal(p,s), date, timestamp or boolean"
    if any(word == "decimal" and after != "(" for word, after in pairwise([*words, ""])):
        yield "a decimal names its precision and scale"
    if words[:1] == ["from"]:
        yield "a query begins with select"
    for body in _window_bodies(words):
        if any(not item.endswith("nulls last") for item in _order_items(body)):
            yield "an order inside a window says nulls last"


def _window_bodies(words: list[str]) -> Iterator[list[str]]:
    """What stands between the parentheses of each `over ( )`, inner parentheses folded into one word."""
    for start, word in enumerate(words):
        if word != "over" or words[start + 1 : start + 2] != ["("]:
            continue
        depth, body = 0, []
        for inner in words[start + 1 :]:
            depth += (inner == "(") - (inner == ")")
            if depth == 0:
                break
            if depth == 1 and inner not in ("(", ")"):
                body.append(inner)
        yield body


def _order_items(body: list[str]) -> list[str]:
    """The expressions that a window is ordered by, as text; none if it says no order."""
    text = " ".join(body)
    if "order by" not in text:
        return []
    ordering = text.split("order by", 1)[1]
    for frame in (" rows ", " range "):
        ordering = ordering.split(frame)[0]
    return [item.strip() for item in ordering.split(",")]


def findings(source: str, where: str) -> list[Finding]:
    """Everything in one model's source that is not portable; a model that cannot be parsed is itself a finding."""
    sql = stubbed(source)
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        return [Finding(where, f"cannot be parsed: {str(error).splitlines()[0]}")]
    checks = (_functions, _forbidden, _types, _dates, _windows, _shapes)
    reasons = [reason for check in checks for reason in check(tree)] + list(_tokens(sql))
    return [Finding(where, reason) for reason in dict.fromkeys(reasons)]


def lint(folder: Path) -> list[Finding]:
    """The findings of every model below a folder."""
    paths = sorted(folder.rglob("*.sql"))
    return [one for path in paths for one in findings(path.read_text(encoding="utf-8"), str(path))]


def main(arguments: list[str]) -> int:
    """Print the findings of the folders named; 1 if there are any, or no model at all."""
    found = [one for name in arguments for one in lint(Path(name))]
    for one in found:
        sys.stdout.write(f"{one.where}: {one.what}\n")
    count = sum(1 for name in arguments for _ in Path(name).rglob("*.sql"))
    sys.stdout.write(f"{count} models, {len(found)} findings\n")
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
