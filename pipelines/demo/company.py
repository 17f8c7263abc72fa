"""The company as it stands: channels, partners, products, teams, reps. The same for every seed and scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from pipelines.demo.calendar import START, day

LONG_AGO = day("2020-01-01")
REGIONS = ("CN-N", "CN-E", "CN-S", "EMEA", "AMER", "JP")
SEGMENTS = ("auto", "electronics", "machinery", "medical")
CURRENCY_OF = {"CN-N": "CNY", "CN-E": "CNY", "CN-S": "CNY", "EMEA": "EUR", "AMER": "USD", "JP": "JPY"}
COUNTRY_OF = {"CN-N": "CN", "CN-E": "CN", "CN-S": "CN", "EMEA": "DE", "AMER": "US", "JP": "JP"}
# Plan rates to CNY by fiscal year, in 1/100,000,000; near the spot rates that market.py draws.
PLAN_RATES = {
    2021: {"USD": 645_000_000, "EUR": 765_000_000, "JPY": 5_850_000},
    2022: {"USD": 640_000_000, "EUR": 722_000_000, "JPY": 5_560_000},
    2023: {"USD": 690_000_000, "EUR": 735_000_000, "JPY": 5_240_000},
    2024: {"USD": 710_000_000, "EUR": 780_000_000, "JPY": 5_010_000},
}


@dataclass(frozen=True)
class Channel:
    """One version of a channel; `ended` is the first day without it."""

    code: str
    name: str
    type: str
    parent: str | None
    valid_from: int = LONG_AGO
    ended: int | None = None


CHANNELS = (
    Channel("direct", "直销", "direct", None),
    Channel("direct_field", "区域直销", "direct", "direct"),
    Channel("direct_key", "大客户直销", "direct", "direct"),
    Channel("agent", "代理", "agent", None),
    Channel("agent_cn", "国内代理", "agent", "agent"),
    Channel("agent_intl", "海外代理", "agent", "agent"),
    Channel("agent_legacy", "老代理", "agent", "agent", ended=day("2023-01-01")),
    Channel("dist", "分销", "distributor", None),
    Channel("dist_cn", "国内分销", "distributor", "dist"),
    Channel("dist_emea", "欧洲分销", "distributor", "dist"),
    Channel("dist_apac", "亚太分销", "distributor", "dist"),
    Channel("ec", "电商", "ecommerce", None),
    Channel("ec_own", "官网商城", "ecommerce", "ec"),
    Channel("ec_own", "官网商城2.0", "ecommerce", "ec", valid_from=day("2023-07-01")),
    Channel("ec_tmall", "天猫旗舰店", "ecommerce", "ec"),
    Channel("ec_amazon", "亚马逊", "ecommerce", "ec"),
)
# Leaf channels that sell in a region, with their weights.
CHANNELS_OF = {
    "CN": (("direct_field", 3), ("direct_key", 2), ("agent_cn", 2), ("dist_cn", 3), ("ec_own", 1), ("ec_tmall", 3)),
    "EMEA": (("direct_field", 2), ("agent_intl", 2), ("dist_emea", 5), ("ec_amazon", 2)),
    "AMER": (("direct_field", 3), ("direct_key", 1), ("agent_intl", 3), ("ec_amazon", 3)),
    "JP": (("direct_field", 2), ("dist_apac", 5), ("ec_amazon", 1)),
}  # fmt: skip
CHANNEL_TYPE = {channel.code: channel.type for channel in CHANNELS}


@dataclass(frozen=True)
class Partner:
    """One version of a partner."""

    code: str
    name: str
    type: str
    tier: str
    region: str
    channel: str
    joined: int
    ended: int | None = None
    valid_from: int = LONG_AGO


def partners() -> list[Partner]:
    """40 partners of the agent and distributor channels; every eighth was promoted once."""
    sells = [
        (channel, region)
        for channel, region in (
            ("agent_cn", "CN-N"), ("agent_cn", "CN-E"), ("agent_cn", "CN-S"), ("agent_intl", "EMEA"),
            ("agent_intl", "AMER"), ("dist_cn", "CN-E"), ("dist_cn", "CN-S"), ("dist_emea", "EMEA"),
            ("dist_apac", "JP"), ("agent_legacy", "CN-N"),
        )
    ]  # fmt: skip
    found = []
    for n in range(40):
        channel, region = sells[n % len(sells)]
        kind = "distributor" if channel.startswith("dist") else "agent"
        ended = day("2023-01-01") if channel == "agent_legacy" else None
        code, name = f"P{n + 1:03d}", f"伙伴{n + 1:03d}"
        found.append(Partner(code, name, kind, "silver", region, channel, LONG_AGO + 10 * n, ended))
        if n % 8 == 0:
            start = day("2023-04-01")
            found.append(Partner(code, name, kind, "gold", region, channel, LONG_AGO + 10 * n, ended, start))
    return found


@dataclass(frozen=True)
class Product:
    """One version of a product. Money in ten-thousandths of CNY; `cost` None = unknown."""

    id: str
    name: str
    family: str
    path: str
    price: int
    cost: int | None
    kind: str = "product"
    valid_from: int = LONG_AGO


_FAMILIES = (
    ("SENS", "传感器", 320), ("DRIV", "驱动器", 2_400), ("CTRL", "控制器", 5_800), ("VALV", "阀门", 760),
    ("TOOL", "工具", 150),
)  # fmt: skip


def products() -> list[Product]:
    """50 goods in five families, ten services without a cost; every third good had its cost raised in 2023."""
    found = []
    for number in range(50):
        family, label, base = _FAMILIES[number % 5]
        price = base * (10 + 3 * (number // 5)) * 1_000
        cost = price * 58 // 100 // 100 * 100
        path = f"工业品/{label}/{label}{'AB'[number % 2]}系列"
        code = f"M{number + 1:04d}"
        found.append(Product(code, f"{label}{number + 1}", family, path, price, cost))
        if number % 3 == 0:
            raised = cost * 106 // 100 // 100 * 100
            found.append(
                Product(
                    code, f"{label}{number + 1}", family, path, price, raised, valid_from=day("2023-01-01")
                )
            )
    for number in range(10):
        path = "服务/现场服务" if number % 2 else "服务/培训"
        code = f"S{number + 1:04d}"
        found.append(
            Product(code, f"服务{number + 1}", "SERV", path, (800 + 150 * number) * 10_000, None, "service")
        )
    return found


@dataclass(frozen=True)
class Team:
    """A team; leaf teams have a region."""

    code: str
    name: str
    parent: str | None
    region: str | None = None


TEAMS = (
    Team("T00", "销售总部", None),
    Team("TCN", "中国区", "T00"),
    Team("TOV", "海外区", "T00"),
    Team("T01", "华北团队", "TCN", "CN-N"),
    Team("T02", "华东团队", "TCN", "CN-E"),
    Team("T03", "华南团队", "TCN", "CN-S"),
    Team("T04", "大客户团队", "TCN"),
    Team("T05", "渠道团队", "TCN"),
    Team("T06", "EMEA", "TOV", "EMEA"),
    Team("T07", "Americas", "TOV", "AMER"),
    Team("T08", "Japan", "TOV", "JP"),
)
TEAM_CURRENCY = {"T06": "EUR", "T07": "USD", "T08": "JPY"}  # the others plan in CNY
LEAF_TEAMS = tuple(team.code for team in TEAMS if team.code not in ("T00", "TCN", "TOV"))


@dataclass(frozen=True)
class Rep:
    """One version of a rep; `exit` is the last day of work."""

    code: str
    team: str
    role: str
    manager: str | None
    hire: int
    exit: int | None
    ramp: str | None
    valid_from: int
    plan: str | None = None


_HIRED = {"R050": "2022-05-16", "R051": "2022-09-01", "R052": "2023-02-06", "R053": "2023-08-21"}
_LEFT = {"R010": "2022-12-30", "R020": "2023-09-15", "R030": "2024-03-29"}
# Who changed team, when, and where to: in the middle of a quarter, of a month, and at a month's start.
MOVES = {"R005": ("2024-05-15", "T02"), "R013": ("2023-02-10", "T04"), "R041": ("2022-07-01", "T06")}

# Who took another role in the same team, at the start of a quarter.
ROLES = {
    "R057": ("2022-10-01", "key_account"), "R058": ("2023-01-01", "key_account"),
    "R059": ("2024-07-01", "key_account"), "R060": ("2023-04-01", "account_executive"),
}  # fmt: skip


# The plan of variable pay by leaf team; managers have none and live by their rate. One team changed its plan.
_PLAN_OF = {
    "T01": "BOOKED", "T02": "SCALED", "T03": "PAID", "T04": "MARGIN", "T05": "DRAWN", "T06": "CASH", "T07": "SCALED",
    "T08": "JAPAN",
}  # fmt: skip
# What a role earns of its net revenue where no plan holds, in 1/10,000.
OWN_RATE = {"account_executive": 300, "key_account": 250, "sales_manager": 80}
PLAN_CHANGE = day("2023-07-01")
_CHANGERS = {"R025": "SCALED", "R033": "SCALED", "R027": "BOOKED"}


def _plan(code: str, team: str, role: str, since: int) -> str | None:
    """The plan of a rep; every second one of the channel team has a draw that is not recovered."""
    if role == "sales_manager":
        return None
    if code in _CHANGERS and since >= PLAN_CHANGE:
        return _CHANGERS[code]
    plan = _PLAN_OF[team]
    return "ADVANCED" if plan == "DRAWN" and int(code[1:]) % 16 >= 8 else plan


@cache
def reps() -> tuple[Rep, ...]:
    """60 reps in eight teams, the first of each team its manager; one version more for each move, role or new plan."""
    found = []
    for number in range(60):
        code, team = f"R{number + 1:03d}", LEAF_TEAMS[number % 8]
        manager = None if number < 8 else f"R{number % 8 + 1:03d}"
        role = "sales_manager" if number < 8 else ("key_account" if team == "T04" else "account_executive")
        hire = day(_HIRED[code]) if code in _HIRED else day("2018-01-08") + 7 * number
        leaves = day(_LEFT[code]) if code in _LEFT else None
        ramp = "0;0.25;0.5;0.75;1;1" if code in _HIRED else None
        found.append(Rep(code, team, role, manager, hire, leaves, ramp, hire, _plan(code, team, role, hire)))
        if code in _CHANGERS:
            found.append(replace(found[-1], valid_from=PLAN_CHANGE, plan=_CHANGERS[code]))
        if code in MOVES:
            since, new_team = day(MOVES[code][0]), MOVES[code][1]
            boss = f"R{LEAF_TEAMS.index(new_team) + 1:03d}"
            plan = _plan(code, new_team, role, since)
            found.append(Rep(code, new_team, role, boss, hire, leaves, ramp, since, plan))
        if code in ROLES:
            since, new_role = day(ROLES[code][0]), ROLES[code][1]
            found.append(replace(found[-1], valid_from=since, role=new_role))
    return tuple(found)


def steady_reps() -> list[str]:
    """Codes of the reps who worked on every day of the demo."""
    return sorted({rep.code for rep in reps() if rep.exit is None and rep.hire < START})
