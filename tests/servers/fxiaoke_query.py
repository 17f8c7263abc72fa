"""data/query and its kin: filters, order, offset and keyset, totals, projection, nulls that are left out.

Ours, for want of a fact: an unknown key, field or operator is 32000; a projection brings the `__r` of its fields.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.servers.fxiaoke_rules import RefusalError, bad
from tests.servers.fxiaoke_store import Record, Thing

OFFSET_AT_MOST = 10_000
KEYS = {"limit", "offset", "filters", "orders", "fieldProjection"}
COMPANIONS = ("__r", "__l", "__o", "__v", "__p", "__e", "__relation_ids")
Test = Callable[[Any], bool]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


OPERATORS: dict[str, Callable[[Any, list[Any]], bool]] = {
    "EQ": lambda have, want: want[0] in _listed(have),
    "N": lambda have, want: want[0] not in _listed(have),
    "GT": lambda have, want: have is not None and have > want[0],
    "GTE": lambda have, want: have is not None and have >= want[0],
    "LT": lambda have, want: have is not None and have < want[0],
    "LTE": lambda have, want: have is not None and have <= want[0],
    "LIKE": lambda have, want: have is not None and str(want[0]) in str(have),
    "NLIKE": lambda have, want: have is None or str(want[0]) not in str(have),
    "IS": lambda have, _: have is None,
    "ISN": lambda have, _: have is not None,
    "IN": lambda have, want: any(one in want for one in _listed(have)),
    "NIN": lambda have, want: not any(one in want for one in _listed(have)),
    "BETWEEN": lambda have, want: have is not None and want[0] <= have <= want[1],
    "NBETWEEN": lambda have, want: have is not None and not want[0] <= have <= want[1],
    "STARTWITH": lambda have, want: have is not None and str(have).startswith(want[0]),
    "ENDWITH": lambda have, want: have is not None and str(have).endswith(want[0]),
    "HASANYOF": lambda have, want: any(one in want for one in _listed(have)),
    "NHASANYOF": lambda have, want: not any(one in want for one in _listed(have)),
    "CONTAINS": lambda have, want: any(one in want for one in _listed(have)),
}


@dataclass
class Asked:
    """One query, checked."""

    thing: Thing
    limit: int
    offset: int
    tests: list[tuple[str, Test]]
    after_id: str | None
    orders: list[tuple[str, bool]]
    names: list[str] | None

    @classmethod
    def of(cls, thing: Thing, info: Any, most: int, names: Any) -> "Asked":
        if not isinstance(info, dict) or set(info) - KEYS:
            raise bad("search_query_info")
        limit, offset = info.get("limit", 20), info.get("offset", 0)
        if not isinstance(limit, int) or not 1 <= limit <= most:
            raise bad(f"limit must be 1 to {most}")
        if not isinstance(offset, int) or offset < 0 or offset % limit:
            raise bad("offset must be a multiple of limit")
        if offset > OFFSET_AT_MOST:
            raise RefusalError(10013, f"offset out of range {OFFSET_AT_MOST}")
        projected = info.get("fieldProjection", names)
        for name in projected or []:
            _known(thing, name)
        filters = [_filter(thing, one) for one in info.get("filters", [])]
        keyset = [want for name, sign, want, _ in filters if (name, sign) == ("_id", "GT")]
        return cls(
            thing=thing,
            limit=limit,
            offset=offset,
            tests=[(name, test) for name, _, _, test in filters],
            after_id=max(one[0] for one in keyset) if keyset else None,
            orders=[_order(thing, one) for one in info.get("orders", [])],
            names=projected,
        )

    def rows(self, shows_invalid: bool) -> Iterator[Record]:
        """The matching records in order."""
        if self.orders == [("_id", True)]:
            ids = self.thing.ids()
            start = bisect_right(ids, self.after_id) if self.after_id is not None else 0
            records = self.thing.records
            return (
                records[ids[at]]
                for at in range(start, len(ids))
                if self.takes(records[ids[at]], shows_invalid)
            )
        found = [row for row in self.thing.records.values() if self.takes(row, shows_invalid)]
        for name, is_ascending in reversed(self.orders or [("last_modified_time", False)]):
            found.sort(
                key=lambda row: _rank(_plain(self.thing, name, row.get(name))), reverse=not is_ascending
            )
        return iter(found)

    def takes(self, row: Record, shows_invalid: bool) -> bool:
        if row["life_status"] == "invalid" and not shows_invalid:
            return False
        return all(test(_plain(self.thing, name, row.get(name))) for name, test in self.tests)

    def shown(self, row: Record, include_null: bool) -> Record:
        """A record as it is told: what was asked of it, nulls only on demand."""
        if self.names is not None:
            wanted = {"_id", *self.names}
            wanted |= {name + end for name in self.names for end in COMPANIONS}
            row = {name: value for name, value in row.items() if name in wanted}
        if not include_null:
            return {name: value for name, value in row.items() if value is not None}
        return {**dict.fromkeys(self.names or self.thing.fields), **row}


def _known(thing: Thing, name: Any) -> str:
    if not isinstance(name, str) or name not in thing.fields:
        raise bad(f"no field {name!r} in {thing.api_name}")
    return name


def _filter(thing: Thing, given: Any) -> tuple[str, str, list[Any], Test]:
    if not isinstance(given, dict) or set(given) != {"field_name", "operator", "field_values"}:
        raise bad("filters")
    name, sign, values = _known(thing, given["field_name"]), given["operator"], given["field_values"]
    if sign not in OPERATORS or (sign == "CONTAINS" and thing.package):
        raise bad(f"operator {sign}")
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise bad("field_values must be a list of strings")
    if sign not in ("IS", "ISN") and len(values) < (2 if "BETWEEN" in sign else 1):
        raise bad("field_values")
    want = [_plain(thing, name, one) for one in values]
    return name, sign, want, lambda have: OPERATORS[sign](have, want)


def _order(thing: Thing, given: Any) -> tuple[str, bool]:
    if (
        not isinstance(given, dict)
        or set(given) != {"fieldName", "isAsc"}
        or not isinstance(given["isAsc"], bool)
    ):
        raise bad("orders")
    return _known(thing, given["fieldName"]), given["isAsc"]


def _plain(thing: Thing, name: str, value: Any) -> Any:
    """Numbers and times as numbers, so that texts of digits compare as what they are."""
    if value is None or isinstance(value, list) or not thing.is_number(name):
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        raise bad(f"{name}: {value!r} is no number") from None


def _rank(value: Any) -> tuple[bool, Any]:
    return (value is not None, 0 if value is None else value)
