"""What Zoho's documents leave open, asked of one org: read-only calls, one credit each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pipelines.sources.live.failures import StartAgainError, UnavailableError
from pipelines.sources.live.protocol import Record
from pipelines.sources.live.questions import Ask, Told, answered
from pipelines.sources.live.zoho.answers import RefusedError
from pipelines.sources.live.zoho.api import VERSION, Api
from pipelines.sources.live.zoho.metadata import CHANGED, SUBFORM, Metadata

SCOPED = {
    "org": "org",
    "users": "users?type=AllUsers&per_page=1",
    "settings.currencies": "org/currencies",
    "settings.roles": "settings/roles",
    "settings.territories": "settings/territories",
}
NOT_ASKED = (
    ("Bulk Read: credits, life of a result, dates and lists in its CSV", "a job costs hundreds of credits"),
    ("Does restoring a record change its Modified_Time?", "it cannot be seen without restoring one"),
)


class Probes:
    """The questions. Each answers with what was seen and what it means here."""

    def __init__(
        self, api: Api, metadata: Metadata, modules: tuple[str, ...], users: Callable[[], Iterator[Record]]
    ) -> None:
        self.api, self.metadata, self.users = api, metadata, users
        self.modules = [one for one in modules if one in metadata.modules()]
        self.has_users = "users" in modules

    def all(self) -> Iterator[dict[str, str]]:
        """Every question with its answer."""
        questions: dict[str, Ask] = {
            "Which host does the token name?": self._host,
            "Which scopes does the token name?": lambda: (self.api.auth.scope or "none named", ""),
            **{f"May these credentials read {scope}?": self._may(path) for scope, path in SCOPED.items()},
            "May these credentials query (coql)?": self._coql,
            "Is a record of the very second of If-Modified-Since returned?": self._equality,
            "Do pages of records hold the rows of subforms?": self._subforms,
            "How far back do deleted records go, and past page 10?": self._deleted,
            "How are won and lost stages marked?": self._stages,
            **({"Since when and until when are users there?": self._people} if self.has_users else {}),
            "How many credits are left?": self._credits,
        }
        return answered(questions, self._safely, NOT_ASKED)

    def _safely(self, ask: Ask) -> Told:
        try:
            return ask()
        except RefusedError as refused:
            return f"{refused.status} {refused.code} {refused.message}".strip(), ""
        except (UnavailableError, StartAgainError) as gone:
            return str(gone), ""

    def _host(self) -> Told:
        named, given = self.api.auth.api_url, self.api.live.hosts["api_url"]
        return (
            named,
            "as in source.yaml" if named == given else f"source.yaml says {given}; the named one is used",
        )

    def _may(self, path: str) -> Ask:
        def ask() -> Told:
            parameters = {"type": "AllUsers", "per_page": 1} if path.startswith("users") else None
            return f"yes ({self.api.get(path.partition('?')[0], parameters).status})", ""

        return ask

    def _first(self, module: str, fields: str, **more: Any) -> Record | None:
        rows = self.api.get(module, {"fields": fields, "per_page": 1, **more}).body.get("data") or []
        return rows[0] if rows else None

    def _coql(self) -> Told:
        module = next(iter(self.modules), "Deals")
        query = f"select Owner from {module} where id is not null limit 1"
        answer = self.api.call("POST", f"/crm/{VERSION}/coql", body={"select_query": query})
        rows = answer.body.get("data") or []
        return (
            "yes",
            f"a lookup comes as {sorted(rows[0].get('Owner') or {})}" if rows else f"{module} is empty",
        )

    def _equality(self) -> Told:
        for module in self.modules:
            if any(one["api_name"] == CHANGED for one in self._fields(module)):
                order = {"sort_by": CHANGED, "sort_order": "desc"}
                newest = self._first(module, CHANGED, **order)
                if newest:
                    headers = {"If-Modified-Since": newest[CHANGED]}
                    again = self.api.get(module, {"fields": CHANGED, "per_page": 1, **order}, headers)
                    answer = "yes" if again.body.get("data") else "no"
                    return answer, "the overlap covers both"
        return "no record to ask with", ""

    def _fields(self, module: str) -> list[Record]:
        try:
            return self.metadata.fields(module)
        except UnavailableError:
            return []

    def _subforms(self) -> Told:
        for module in self.modules:
            for one in self._fields(module):
                if one.get("data_type") == SUBFORM:
                    first = self._first(module, str(one["api_name"]))
                    if first:
                        return "yes" if first.get(
                            one["api_name"]
                        ) else "no", "they are read by query in any case"
        return "no record with a subform", ""

    def _deleted(self) -> Told:
        module = next(iter(self.modules), "Deals")
        parameters = {"type": "all", "per_page": 200}
        rows = self.api.get(f"{module}/deleted", {**parameters, "page": 1}).body.get("data") or []
        oldest = min((str(one.get("deleted_time")) for one in rows), default="none")
        beyond = self.api.get(f"{module}/deleted", {**parameters, "page": 11})
        return f"oldest on page 1: {oldest}; page 11 answers {beyond.status}", ""

    def _stages(self) -> Told:
        stages = self.metadata.stages()
        found = {
            name: sorted({str(one[name]) for one in stages if one.get(name)})
            for name in ("deal_category", "forecast_type")
        }
        named = "; ".join(f"{name}: {', '.join(values)}" for name, values in found.items() if values)
        return named or "not at all", f"{len(stages)} stages" if stages else "the contract has to name them"

    def _people(self) -> Told:
        users = list(self.users())
        since = sum(1 for one in users if one.get("created_time"))
        roleless = sum(1 for one in users if not (one.get("role") or {}).get("id"))
        gone = sum(1 for one in users if one.get("status") != "active")
        told = f"created_time of {since} of {len(users)}; {gone} not active any more, on a day that Zoho does not name"
        if roleless:
            told += f"; {roleless} without a role"
        return (
            told,
            "as reps: that day is the hire_date, nobody has an exit_date, without a role one is set aside",
        )

    def _credits(self) -> Told:
        left = self.api.get("org").headers.get("X-API-CREDITS-REMAINING")
        return (str(left), "") if left else ("not told", "Zoho tells once half of them are spent")
