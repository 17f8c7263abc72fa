"""Who holds which account in which role, and accounts of both systems that are one company, or only look like it."""

from __future__ import annotations

import polars as pl

from pipelines.demo import company
from pipelines.demo.columns import own_generator

PAIRS = 150  # one pair of accounts of the same company for so many customers


def draw_holds(seed: int, buyers: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """The owner of each version of an account, and for one account in five a service rep from its first day on."""
    rng = own_generator(seed, "account holds")
    ids, systems = buyers["id"].to_list(), buyers["system"].to_list()
    found: dict[int, list[tuple[int, str | None]]] = {}
    for customer, since, owner in versions.select("customer", "valid_from", "owner").iter_rows():
        found.setdefault(customer, []).append((since, owner))
    steady = company.steady_reps()
    rows = []
    for customer in sorted(found):
        own = found[customer]
        draw, at = rng.random(), int(rng.integers(0, len(steady)))
        for number, (since, owner) in enumerate(own):
            until = own[number + 1][0] if number + 1 < len(own) else None
            if owner is not None:
                rows.append((ids[customer], systems[customer], "owner", owner, since, until))
        if draw < 0.2:
            rows.append((ids[customer], systems[customer], "service", steady[at], own[0][0], None))
    names = {
        "account": pl.String, "system": pl.String, "role": pl.String, "rep": pl.String, "first": pl.Int64,
        "until": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row")


def draw_identities(buyers: pl.DataFrame) -> pl.DataFrame:
    """Registration number, name and country of each account, in the order of the accounts.

    One pair in so many customers is one company in both systems: the same number, written another way, and no
    country overseas. Next to each lie a pair with one number in two countries, and one with the same name and two
    numbers: those are two companies.
    """
    number: list[str | None] = [None] * len(buyers)
    country: list[str | None] = [company.COUNTRY_OF[one] for one in buyers["region"]]
    name: list[str | None] = [None] * len(buyers)
    gone = set(buyers["merged_into"].drop_nulls())
    own = {
        system: [
            at for at, (kept, account, merged) in enumerate(
                buyers.select("system", "id", "merged_into").iter_rows()
            )
            if kept == system and merged is None and account not in gone
        ]
        for system in ("fxiaoke", "zoho")
    }  # fmt: skip
    for pair in range(max(2, len(buyers) // PAIRS)):
        near = [(own["fxiaoke"][3 * pair + n + 5], own["zoho"][3 * pair + n + 5]) for n in range(3)]
        (here, there), (one, two), (left, right) = near
        text = f"91310000MA{pair + 1:06d}"
        number[here], number[there], country[there] = text, f"{text[:8].lower()}-{text[8:].lower()}", None
        number[one] = number[two] = f"91440000MB{pair + 1:06d}"
        name[left] = name[right] = f"Orient Precision {pair + 1}"
        number[left], number[right] = f"91110000MC{pair + 1:06d}", f"HRB{pair + 1:05d}D"
    texts = {"registration": number, "name": name, "country": country}
    return pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String))
