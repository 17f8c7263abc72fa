"""What Zoho tells of its modules and their fields. Every key of it is optional: orgs differ, and fields are odd."""

from __future__ import annotations

from typing import Any

from pipelines.sources.live.failures import UnavailableError
from pipelines.sources.live.protocol import LiveObject
from pipelines.sources.live.zoho.answers import RefusedError, meaning, scope_error
from pipelines.sources.live.zoho.api import Api

CHANGED = "Modified_Time"
SUBFORM = "subform"


class Metadata:
    """Modules and fields of one org, asked once."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._modules: dict[str, dict[str, Any]] | None = None
        self._fields: dict[str, list[dict[str, Any]]] = {}

    def modules(self) -> dict[str, dict[str, Any]]:
        """Metadata of the modules that the API gives, by name."""
        if self._modules is None:
            try:
                body = self.api.get("settings/modules").body
            except RefusedError as refused:
                if refused.code == "OAUTH_SCOPE_MISMATCH":
                    raise scope_error(refused, "settings/modules", "ZohoCRM.settings.modules.READ") from None
                raise meaning(refused, "settings/modules") from None
            listed = [one for one in body.get("modules") or [] if isinstance(one, dict)]
            self._modules = {str(one["api_name"]): one for one in listed if one.get("api_name")}
        return self._modules

    def fields(self, module: str) -> list[dict[str, Any]]:
        """Metadata of a module's fields; UnavailableError if there is none to see."""
        if module not in self._fields:
            try:
                body = self.api.get("settings/fields", {"module": module}).body
            except RefusedError as refused:
                if refused.code == "OAUTH_SCOPE_MISMATCH":
                    raise scope_error(refused, "settings/fields", "ZohoCRM.settings.fields.READ") from None
                raise meaning(refused, f"settings/fields of {module}") from None
            found = [one for one in body.get("fields") or [] if isinstance(one, dict) and one.get("api_name")]
            if not found:
                raise UnavailableError("NO_FIELDS", f"no field of {module} is visible to these credentials")
            self._fields[module] = found
        return self._fields[module]

    def describe(self, name: str) -> LiveObject:
        """One module. Without a time of change all its records are read each time."""
        known = self.modules().get(name)
        if known is not None and known.get("api_supported") is False:
            raise UnavailableError("NOT_SUPPORTED", f"the API does not give {name}")
        types = {
            str(one["api_name"]): (str(one.get("data_type") or ""), str(one.get("json_type") or ""))
            for one in self.fields(name)
            if (one.get("view_type") or {}).get("view", True) is not False
        }
        names = tuple(
            one
            for one in types
            if one.lower() != "id" and types[one][0] != SUBFORM and not one.startswith("$")
        )
        is_subform = (known or {}).get("generated_type") == SUBFORM
        is_timed = CHANGED in names and not is_subform
        return LiveObject(
            name=name,
            cursor=CHANGED if is_timed else None,
            fields=names,
            has_deleted=is_timed and (known or {}).get("generated_type") in (None, "default", "custom"),
            is_swept=is_subform,  # Zoho tells nothing of rows that were taken out of one
            details={"types": types, "is_subform": is_subform},
        )

    def stages(self) -> list[dict[str, Any]]:
        """The pick list of Deals.Stage: which stages are won, lost and open, and in which order."""
        field = next((one for one in self.fields("Deals") if one["api_name"] == "Stage"), {})
        return [one for one in field.get("pick_list_values") or [] if isinstance(one, dict)]
