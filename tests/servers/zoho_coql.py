"""COQL: `select a, b from M where (…) and (…) order by a limit L offset O`, as far as a warehouse asks it."""

import re
from collections.abc import Callable
from typing import Any

from tests.servers.machine import Reply
from tests.servers.zoho_rules import RefusalError
from tests.servers.zoho_store import Module, Record, epoch

COLUMNS, CRITERIA, VALUES, ORDERS = 50, 25, 50, 10
LIMIT, REACH = 2_000, 100_000
SHAPE = re.compile(
    r"select\s+(?P<columns>.+?)\s+from\s+(?P<module>\w+)\s+where\s+(?P<where>.+?)"
    r"(?:\s+order\s+by\s+(?P<orders>.+?))?(?:\s+limit\s+(?P<limit>\d+)(?:\s+offset\s+(?P<offset>\d+))?)?\s*",
    re.IGNORECASE | re.DOTALL,
)
TOKENS = re.compile(r"\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w.$]*)|(-?\d+(?:\.\d+)?)|(>=|<=|!=|=|>|<|\(|\)|,))")
WORDS = {"and", "or", "in", "not", "is", "null", "like", "between", "true", "false"}
Test = Callable[[Record], bool]


def module_of(text: str) -> str:
    """The module that a statement reads.

    Raises:
        RefusalError: it is no statement of the known shape.
    """
    found = SHAPE.fullmatch(text.strip())
    if found is None:
        raise syntax(text)
    return found["module"]


def syntax(near: str) -> RefusalError:
    return RefusalError(
        400, "SYNTAX_ERROR", "error occured while parsing the query", line=1, column=1, near=near[:30]
    )


def run(module: Module, text: str) -> Reply:
    """The rows of a statement; a call costs 1, 2 or 3 credits by its limit."""
    found = SHAPE.fullmatch(text.strip())
    if found is None:
        raise syntax(text)
    columns = [one.strip() for one in found["columns"].split(",")]
    limit, offset = int(found["limit"] or 200), int(found["offset"] or 0)
    _within(columns, limit, offset)
    for name in columns:
        _known(module, name)
    test = _Where(found["where"], module).whole()
    rows = _ordered([row for row in module.records.values() if test(row)], found["orders"], module)
    shown, more = rows[offset : offset + limit], len(rows) > offset + limit
    cost = {"cost": "1" if limit <= 200 else "2" if limit <= 1_000 else "3"}
    if not shown:
        return Reply(204, headers=cost)
    data = [{"id": row["id"], **{name: value_of(row, name) for name in columns}} for row in shown]
    return Reply(200, {"data": data, "info": {"count": len(shown), "more_records": more}}, cost)


def _within(columns: list[str], limit: int, offset: int) -> None:
    if len(columns) > COLUMNS:
        raise RefusalError(400, "LIMIT_EXCEEDED", "too many columns", limit=COLUMNS)
    if limit > LIMIT:
        raise RefusalError(400, "LIMIT_EXCEEDED", "the limit is too great", limit=LIMIT)
    if limit + offset > REACH:
        raise RefusalError(400, "LIMIT_EXCEEDED", "the offset is too great", limit=REACH)
    if len(set(columns)) != len(columns):
        raise RefusalError(400, "DUPLICATE_DATA", "a column twice")


def _known(module: Module, name: str) -> None:
    if name.split(".", maxsplit=1)[0] not in module.fields:
        raise RefusalError(400, "INVALID_QUERY", "column given seems to be invalid", column_name=name)


def value_of(row: Record, name: str) -> Any:
    """A column: lookups are `{id}`; `Account_Name.id` and `Account_Name.Account_Name` reach into one."""
    head, _, inner = name.partition(".")
    value = row.get(head)
    if isinstance(value, dict):
        return {"id": value.get("id")} if not inner else value.get("id" if inner == "id" else "name")
    return value


def _ordered(rows: list[Record], orders: str | None, module: Module) -> list[Record]:
    parts = [one.split() for one in (orders or "id asc").split(",")]
    if len(parts) > ORDERS:
        raise RefusalError(400, "LIMIT_EXCEEDED", "too many fields in order by", limit=ORDERS)
    for name, *way in reversed(parts):
        _known(module, name)
        rows.sort(key=lambda row: _rank(_plain(row, name)), reverse=[one.lower() for one in way] == ["desc"])
    return rows


def _rank(value: Any) -> tuple[bool, Any]:
    return (value is not None, 0 if value is None else value)


def _plain(row: Record, name: str) -> Any:
    value = value_of(row, name)
    if isinstance(value, dict):
        return value["id"]
    if name == "id":
        return int(value)
    return epoch(value) if value and name.endswith("_Time") else value


class _Where:
    """A where clause, read from left to right; more than two criteria must be bracketed pairwise."""

    def __init__(self, text: str, module: Module) -> None:
        self.module, self.criteria = module, 0
        self.tokens: list[str] = []
        at = 0
        while at < len(text.rstrip()):
            found = TOKENS.match(text, at)
            if found is None:
                raise syntax(text[at:])
            self.tokens.append(found[0].strip())
            at = found.end()

    def whole(self) -> Test:
        test = self.joined()
        if self.tokens:
            raise syntax(self.tokens[0])
        if self.criteria > CRITERIA:
            raise RefusalError(400, "LIMIT_EXCEEDED", "too many criteria", limit=CRITERIA)
        return test

    def take(self, *wanted: str) -> str:
        if not self.tokens or (wanted and self.tokens[0].lower() not in wanted):
            raise syntax(self.tokens[0] if self.tokens else "")
        return self.tokens.pop(0)

    def next_is(self, *words: str) -> bool:
        return bool(self.tokens) and self.tokens[0].lower() in words

    def joined(self) -> Test:
        left = self.one()
        if not self.next_is("and", "or"):
            return left
        word = self.take().lower()
        right = self.one()
        if self.next_is("and", "or"):
            raise syntax(self.tokens[0])
        if word == "and":
            return lambda row: left(row) and right(row)
        return lambda row: left(row) or right(row)

    def one(self) -> Test:
        if self.next_is("("):
            self.take("(")
            inner = self.joined()
            self.take(")")
            return inner
        self.criteria += 1
        name = self.take()
        if name.lower() in WORDS:
            raise syntax(name)
        _known(self.module, name)
        return self.compared(name)

    def compared(self, name: str) -> Test:
        word = self.take().lower()
        if word == "is":
            absent = not self.next_is("not")
            self.take("not") if not absent else None
            self.take("null")
            return lambda row: (value_of(row, name) is None) == absent
        if word == "not":
            test = self.compared(name)
            return lambda row: not test(row)
        if word == "in":
            return self.within(name)
        if word == "between":
            low, _, high = self.value(name), self.take("and"), self.value(name)
            return lambda row: (have := _plain(row, name)) is not None and low <= have <= high
        if word == "like":
            pattern = re.compile(".*".join(map(re.escape, str(self.value(name)).split("%"))), re.IGNORECASE)
            return lambda row: bool(pattern.fullmatch(str(_plain(row, name) or "")))
        return self.against(name, word)

    def within(self, name: str) -> Test:
        self.take("(")
        values = [self.value(name)]
        while self.next_is(","):
            self.take(",")
            values.append(self.value(name))
        self.take(")")
        if len(values) > VALUES:
            raise RefusalError(400, "LIMIT_EXCEEDED", "too many values", limit=VALUES)
        return lambda row: _plain(row, name) in values

    def against(self, name: str, sign: str) -> Test:
        want = self.value(name)
        tests: dict[str, Callable[[Any], bool]] = {
            "=": lambda have: have == want, "!=": lambda have: have != want,
            ">": lambda have: have is not None and have > want, "<": lambda have: have is not None and have < want,
            ">=": lambda have: have is not None and have >= want,
            "<=": lambda have: have is not None and have <= want,
        }  # fmt: skip
        if sign not in tests:
            raise syntax(sign)
        return lambda row: tests[sign](_plain(row, name))

    def value(self, name: str) -> Any:
        text = self.take()
        if text.startswith("'"):
            text = text[1:-1].replace("''", "'")
            if name == "id":
                return int(text)
            return epoch(text) if name.endswith("_Time") else text
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        if name == "id" or name.endswith(".id"):
            return int(text) if name == "id" else text
        return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else syntax_value(text)


def syntax_value(text: str) -> Any:
    raise syntax(text)
