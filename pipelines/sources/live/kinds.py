"""The kinds of live sources: what `live` in source.yaml holds for each, and which class asks the system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipelines.sources.fields import Fields

# data centre -> (accounts host, API host)
ZOHO_CENTRES = {
    "us": ("https://accounts.zoho.com", "https://www.zohoapis.com"),
    "eu": ("https://accounts.zoho.eu", "https://www.zohoapis.eu"),
    "in": ("https://accounts.zoho.in", "https://www.zohoapis.in"),
    "cn": ("https://accounts.zoho.com.cn", "https://www.zohoapis.com.cn"),
    "au": ("https://accounts.zoho.com.au", "https://www.zohoapis.com.au"),
    "jp": ("https://accounts.zoho.jp", "https://www.zohoapis.jp"),
    "ca": ("https://accounts.zohocloud.ca", "https://www.zohoapis.ca"),
    "sa": ("https://accounts.zoho.sa", "https://www.zohoapis.sa"),
}


@dataclass(frozen=True)
class Kind:
    """One kind. `credentials` maps what for to the default name of its environment variable."""

    client: str
    credentials: dict[str, str]
    hosts: Callable[[Fields], dict[str, str]]
    calls_per_second: int
    options: dict[str, int] = field(default_factory=dict)


def zoho_hosts(given: Fields) -> dict[str, str]:
    """The hosts of a data centre, each of which may be named instead (a centre that is not listed, a test)."""
    centre = given.text("data_center")
    accounts, api = given.text("accounts_url"), given.text("api_url")
    if centre is not None and centre not in ZOHO_CENTRES:
        raise given.fail(f"data_center is {centre!r}", f"one of {', '.join(ZOHO_CENTRES)}, or accounts_url")
    if centre is None and not (accounts and api):
        raise given.fail("data_center is missing", f"one of {', '.join(ZOHO_CENTRES)}")
    default_accounts, default_api = ZOHO_CENTRES.get(centre or "", ("", ""))
    return {"accounts_url": accounts or default_accounts, "api_url": api or default_api}


# cloud -> gateway
FXIAOKE_CLOUDS = {
    "fxiaoke": "https://open.fxiaoke.com",
    "huawei": "https://open-hwcloud.fxiaoke.com",
    "alibaba": "https://open-ale.fxiaoke.com",
    "hongkong": "https://open-ksc.sharecrm.com",
    "frankfurt": "https://open-hws.fxiaoke.com",
    "north_america": "https://open-na.sharecrm.com",
}


def fxiaoke_hosts(given: Fields) -> dict[str, str]:
    """The gateway of a cloud, or one that is named instead (open-<login domain>, a test)."""
    cloud, api = given.text("cloud"), given.text("api_url")
    if cloud is not None and cloud not in FXIAOKE_CLOUDS:
        raise given.fail(f"cloud is {cloud!r}", f"one of {', '.join(FXIAOKE_CLOUDS)}, or api_url")
    return {"api_url": api or FXIAOKE_CLOUDS[cloud or "fxiaoke"]}


KINDS: dict[str, Kind] = {
    "zoho": Kind(
        client="pipelines.sources.live.zoho.client:ZohoClient",
        credentials={
            "client_id": "ZOHO_CLIENT_ID",
            "client_secret": "ZOHO_CLIENT_SECRET",
            "refresh_token": "ZOHO_REFRESH_TOKEN",
        },
        hosts=zoho_hosts,
        calls_per_second=10,
        options={"bulk_above": 100_000, "page_size": 200, "poll_ms": 2_000},
    ),
    "fxiaoke": Kind(
        client="pipelines.sources.live.fxiaoke.client:FxiaokeClient",
        credentials={
            "app_id": "FXIAOKE_APP_ID",
            "app_secret": "FXIAOKE_APP_SECRET",
            "permanent_code": "FXIAOKE_PERMANENT_CODE",
            "open_user_id": "FXIAOKE_OPEN_USER_ID",
        },
        hosts=fxiaoke_hosts,
        calls_per_second=20,
        options={"page_size": 100, "calls_per_window": 100, "window_seconds": 20, "sweep_hours": 24},
    ),
}
