"""What Fxiaoke's documents leave open, asked of one tenant: read-only, a call or two for each question."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from pipelines.sources.live.failures import SourceFaultError, UnavailableError
from pipelines.sources.live.fxiaoke.answers import RefusedError
from pipelines.sources.live.fxiaoke.api import Api
from pipelines.sources.live.fxiaoke.pages import SIMPLE, condition, query
from pipelines.sources.live.protocol import Record
from pipelines.sources.live.questions import Ask, Told, answered

CODES = {
    "NewOpportunityObj": ("sales_stage", "sales_status"),
    "OpportunityObj": ("sales_stage", "status"),
    "LeadsObj": ("biz_status",),
    "ActiveRecordObj": ("interactive_types",),
    "SalesOrderObj": ("order_status",),
}
CURRENCY = ("mc_currency", "mc_exchange_rate", "mc_functional_currency")
NOT_ASKED = (
    ("At which hour does the quota of the day begin anew?", "it cannot be seen without spending it"),
    ("Does a new owner or team member change last_modified_time?", "it cannot be seen without changing one"),
)
Fields = Callable[[str], dict[str, dict[str, Any]]]


class Probes:
    """The questions. Each answers with what was seen and what it means here."""

    def __init__(
        self,
        api: Api,
        objects: dict[str, Any],
        fields: Fields,
        modules: tuple[str, ...],
        directory: Callable[[str], list[Record]],
    ) -> None:
        self.api, self.objects, self.fields, self.directory = api, objects, fields, directory
        self.has_users = "users" in modules
        named = [one for one in modules if one in objects and objects[one].get("isActive") is not False]
        self.modules = named

    def all(self) -> Iterator[dict[str, str]]:
        """Every question with its answer."""
        questions: dict[str, Ask] = {
            "How far is the gateway's clock from ours?": self._clock,
            "Which opportunities does the tenant use?": self._opportunities,
            "Is a call without thirdTraceId answered?": self._untraced,
            "Is a page of more than 100 records given?": self._long_page,
            "Does findSimple answer for preset objects?": self._simple,
            "Are invalid (作废) records found?": self._invalid,
            "Are there amounts in several currencies?": self._currencies,
            **({"Since when and until when are employees there?": self._people} if self.has_users else {}),
            **{f"Which codes has {name}?": self._codes(name) for name in self.modules if name in CODES},
        }
        return answered(questions, self._safely, NOT_ASKED)

    def _safely(self, ask: Ask) -> Told:
        try:
            return ask()
        except RefusedError as refused:
            return f"{refused.code} {refused.message}", ""
        except (UnavailableError, SourceFaultError) as gone:
            return str(gone), ""

    def _clock(self) -> Told:
        apart = round(self.api.clock_ms() / 1_000 - time.time())
        return f"{apart:+d} s", "a walk ends by the gateway's clock"

    def _opportunities(self) -> Told:
        used = [
            name
            for name in ("OpportunityObj", "NewOpportunityObj")
            if self.objects.get(name, {}).get("isActive") is True
        ]
        return ", ".join(used) or "none", "live.modules should name these"

    def _one(self) -> str:
        if not self.modules:
            raise UnavailableError("NO_OBJECT", "live.modules names no object to ask with")
        return self.modules[0]

    def _untraced(self) -> Told:
        self.api.post("/cgi/crm/v2/object/list", {"includeNull": False}, is_traced=False)
        return "yes", "Weir sends one with each call"

    def _long_page(self) -> Told:
        name = self._one()
        found = query(self.api, name, {"limit": 200, "offset": 0})
        return f"yes, {len(found['dataList'])} of {name}", "live.page_size may be more than 100"

    def _simple(self) -> Told:
        search = {"limit": 1, "offset": 0}
        query(self.api, self._one(), search, {"field_projection": ["_id"]}, SIMPLE)
        return "yes", "the daily sweep of ids uses it"

    def _invalid(self) -> Told:
        search = {"limit": 1, "offset": 0, "filters": [condition("life_status", "IN", "invalid")]}
        found = query(self.api, self._one(), search)["dataList"]
        means = "they come as changes" if found else "or there are none: the daily sweep finds what vanished"
        return ("yes" if found else "none of them"), means

    def _currencies(self) -> Told:
        found = {name: [one for one in CURRENCY if one in self.fields(name)] for name in self.modules}
        named = "; ".join(f"{name}: {', '.join(fields)}" for name, fields in found.items() if fields)
        return (
            named or "no field for it",
            "map currency in these contracts" if named else "default_currency holds",
        )

    def _people(self) -> Told:
        people = self.directory("users")
        hired = sum(1 for one in people if one.get("hireDate"))
        gone = sum(1 for one in people if one.get("isStop"))
        told = f"hireDate of {hired} of {len(people)}; {gone} stopped (停用), on a day that Fxiaoke does not name"
        return told, "as reps: without it the day of createTime is the hire_date; nobody has an exit_date"

    def _codes(self, name: str) -> Ask:
        def ask() -> Told:
            fields = self.fields(name)
            told = [
                f"{field}: " + ", ".join(f"{one.get('value')} {one.get('label')}" for one in options)
                for field in CODES[name]
                if (options := fields.get(field, {}).get("options"))
            ]
            return "; ".join(told) or "none listed", "the contract names them under values"

        return ask
