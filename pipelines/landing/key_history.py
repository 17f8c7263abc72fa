"""When each key of a feed was seen, and what its lists say by that of the rows that came before them.

A full list is an extract of `<feed>.keys`, or of a feed that is delivered as snapshots. It speaks of the rows that came
before it; a key that comes again later is there again. A list in which too many lack is held: it withdraws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.home import Home
from pipelines.landing.approved import approvals
from pipelines.landing.feed_run import MEMORY
from pipelines.landing.listings import Listing, full_lists, judged
from pipelines.landing.reshape import literal
from pipelines.landing.schemas import landed_schemas
from pipelines.landing.typed import amount_sql, key_sql, shown_key_sql
from pipelines.sources.model import FeedMapping, Source
from quality.feeds import Feed
from quality.feeds import feed as canonical

# Of what arrived together: a list of keys may be older than the rows, a list of deletions speaks of them too.
TURN = {"keys": 0, "rows": 1, "deleted": 2}
LATE = "it is older than a list before it"


def _places(feed: str, landed: Iterable[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """The place in time of each landed extract of a feed and of its lists, by (kind of rows, extract id).

    Extracts that arrived together share one: a list may come in several files.
    """
    found = []
    for record in landed:
        for section in record["components"].values():
            if section["status"] != "landed":
                continue
            for name in section["feeds"]:
                kind = "rows" if name == feed else name.removeprefix(f"{feed}__")
                if kind in TURN:
                    found.append((record["received_at"], TURN[kind], record["extract_id"], kind))
    places = {when: place for place, when in enumerate(sorted({one[:2] for one in found}))}
    return {(kind, extract): places[came, turn] for came, turn, extract, kind in sorted(set(found))}


class KeyHistory:
    """One feed of one source: its landed rows, and when each of their keys was seen."""

    def __init__(
        self, home: Home, source: Source, mapping: FeedMapping, landed: list[dict[str, Any]], work: Path
    ) -> None:
        """`landed`: the records of its extracts, each received when its rows count from."""
        self.home, self.source, self.feed = home, source, canonical(mapping.feed)
        self.places = _places(mapping.feed, landed)
        self.approved = approvals(home, source.name, mapping.feed)
        self.came = {one["extract_id"]: one["received_at"] for one in landed}
        self.ends = {one["extract_id"]: (one.get("window") or {}).get("to") or "" for one in landed}
        work.mkdir(parents=True, exist_ok=True)
        spill: dict[str, Any] = {"threads": 1, "memory_limit": MEMORY, "temp_directory": str(work / "spill")}
        self.connection = duckdb.connect(str(work / "lists.duckdb"), config=spill)
        self.connection.execute("create table places (kind varchar, extract_id varchar, place integer)")
        for (kind, extract), place in self.places.items():
            self.connection.execute("insert into places values (?, ?, ?)", [kind, extract, place])
        self.connection.execute("create table gone (row_id varchar, reason varchar)")

    def _files(self, feed: str) -> str:
        """The landed rows of a feed of this source, to read from."""
        own = sorted((self.home.landing / feed / self.source.name).glob("*.parquet"))
        if not own:
            self.connection.register(f"none_{feed}", landed_schemas()[feed].empty_table())
            return f"none_{feed}"
        return f"read_parquet([{', '.join(literal(str(path)) for path in own)}], union_by_name = true)"

    def _has(self, feed: str) -> bool:
        return any((self.home.landing / feed / self.source.name).glob("*.parquet"))

    def _seen(self, kind: str, by: FeedMapping) -> None:
        """Tables of one kind of list: `rows_now` with their keys as it gives them, `seen`, and `excused` (key, place).

        A row that a list has but that was set aside excuses its key from that very list; it revives nothing.
        """
        run, feed = self.connection, self.feed
        key = key_sql(_with_key_of(feed, by))
        run.execute(
            f"create or replace table rows_now as select row_id, extract_id, {key} as key, "
            f"{shown_key_sql(key)} as shown, "
            f"{shown_key_sql(key_sql(feed))} as natural_key, place from {self._files(feed.name)} "
            "join places using (extract_id) where places.kind = 'rows'"
        )
        run.execute(f"create or replace view aside as select * from {self._files('ops__quarantine_row')}")
        self._seen_in(kind, by, key)
        run.execute("create or replace table excused (key varchar, place integer)")
        if kind != "deleted":
            list_feed, own = (feed.name, "rows") if kind == "snapshot" else (by.feed, "keys")
            run.execute(f"insert into excused {self._again(list_feed, own, 'quarantined')}")

    def _again(self, feed: str, own: str, kind: str) -> str:
        """Keys of rows that came and were set aside, by their shown form."""
        text = "natural_key" if own == "rows" else "shown"
        return (
            "select distinct rows_now.key, places.place from aside "
            "join places on places.extract_id = aside.extract_id "
            f"join (select distinct {text}, key from rows_now) as rows_now on rows_now.{text} = aside.natural_key "
            f"where aside.feed = '{feed}' and places.kind = '{own}' and aside.kind = '{kind}'"
        )

    def _seen_in(self, kind: str, by: FeedMapping, key: str) -> None:
        """Table `seen` (key, place): when each key stood in a row that is no news either, or in a list of keys."""
        parts = ["select key, place from rows_now", self._again(self.feed.name, "rows", "duplicate")]
        if kind == "keys" and self._has(by.feed):
            parts.append(
                f"select {key} as key, place from {self._files(by.feed)} join places using (extract_id) "
                "where places.kind = 'keys'"
            )
        self.connection.execute(f"create or replace table seen as {' union '.join(parts)}")

    def judge(self, kind: str, by: FeedMapping, keys: FeedMapping | None = None) -> list[Listing]:
        """What the lists of one kind say, in order; the rows that they withdraw are added to those of the others.

        `keys`: the contract of full lists, which deletions are compared with.
        """
        self._seen(kind, by)
        limit = by.options.get("vanish_limit")
        most = Decimal(str(limit["share"])) if limit else None
        if kind == "deleted":
            listings = self._deleted(by, most)
            listings = self._contradicted(listings, by, keys) if keys else listings
        else:
            listings = self._full(by, self._doubted(self._lists(kind)), most)
        if self.feed.versioning == "effective":
            self.connection.execute("delete from gone")
            return [replace(one, stays=True) for one in listings]
        return listings

    def _lists(self, kind: str) -> list[Listing]:
        own = "rows" if kind == "snapshot" else kind
        together: dict[int, list[str]] = {}
        for (which, extract), place in self.places.items():
            if which == own:
                together.setdefault(place, []).append(extract)
        return [Listing(extracts, kind, place) for place, extracts in together.items()]

    def _doubted(self, lists: list[Listing]) -> list[Listing]:
        """Full lists, held where they are not the newest word although they came last."""
        found, newest = [], ""
        for one in lists:
            end = max(self.ends.get(extract, "") for extract in one.extracts)
            held = LATE if end and end < newest else ""
            found.append(replace(one, held=held))
            newest = max(newest, end)
        return found

    def _full(self, by: FeedMapping, lists: list[Listing], most: Decimal | None) -> list[Listing]:
        """Full lists: a key is gone if it was seen before and is not in the list."""
        run = self.connection
        run.execute(
            "create or replace table gaps as select key, place, lead(place) over (partition by key order by place) "
            "as following from seen where key in (select key from rows_now)"
        )
        gaps = run.execute("select place, following, count(*) from gaps group by all").fetchall()
        excused = run.execute(
            "select gaps.place, following, excused.place, count(*) from gaps join excused on excused.key = gaps.key "
            "and excused.place > gaps.place and excused.place < coalesce(following, excused.place + 1) group by all"
        ).fetchall()
        shares = {(last, following, place): count for last, following, place, count in excused}
        listings = full_lists(lists, gaps, shares, self._unreadable(by), most, self.approved)
        self._note(
            listings,
            "select last_seen.key, min(applied.place) as place "
            "from (select key, max(place) as place from seen group by key) as last_seen "
            "join applied on applied.place > last_seen.place "
            "left join excused on excused.key = last_seen.key and excused.place = applied.place "
            "where excused.key is null group by last_seen.key",
            "its key is not in ",
        )
        return listings

    def _deleted(self, by: FeedMapping, most: Decimal | None) -> list[Listing]:
        """Lists of deletions: a key is gone if it was not seen after it was listed."""
        run = self.connection
        if not self._has(by.feed):
            return []
        key = key_sql(_with_key_of(self.feed, by))
        run.execute(
            f"create or replace table entries as select distinct {key} as key, place from {self._files(by.feed)} "
            "join places using (extract_id) where places.kind = 'deleted'"
        )
        run.execute(
            "create or replace table first_seen as select key, min(place) as place from seen group by key"
        )
        came = run.execute("select place, count(*) from first_seen group by place").fetchall()
        named = run.execute(
            "select entries.place, count(*) from entries join first_seen using (key) "
            "where first_seen.place < entries.place group by entries.place"
        ).fetchall()
        gone = dict(named)
        listings = []
        for one in self._lists("deleted"):
            known = sum(count for place, count in came if place < one.place)
            counted = replace(one, known=known, gone=gone.get(one.place, 0))
            listings.append(judged(counted, 0, most, self.approved))
        self._note(
            listings,
            "select entries.key, min(entries.place) as place from entries join applied using (place) "
            "join (select key, max(place) as place from seen group by key) as last_seen "
            "on last_seen.key = entries.key and entries.place > last_seen.place group by entries.key",
            "it is listed as deleted in ",
        )
        return listings

    def _contradicted(
        self, listings: list[Listing], deleted: FeedMapping, keys: FeedMapping
    ) -> list[Listing]:
        """Lists of deletions as judged; told is one whose keys the newest full list, of no earlier time, still has.

        A key whose row came again since is there again, and no contradiction.
        """
        own = _with_key_of(self.feed, deleted)
        if own != _with_key_of(self.feed, keys) or not (self._has(deleted.feed) and self._has(keys.feed)):
            return listings
        key = key_sql(own)
        found = self.connection.execute(
            "select gone.extract_id, there.extract_id, count(distinct key) from "
            f"(select extract_id, {key} as key, place from {self._files(deleted.feed)} "
            "join places using (extract_id) where kind = 'deleted') as gone "
            f"join (select extract_id, {key} as key from {self._files(keys.feed)} join places using (extract_id) "
            "where kind = 'keys' and place = (select max(place) from places where kind = 'keys')) as there using (key) "
            "join (select key, max(place) as place from seen group by key) as last_seen using (key) "
            "where last_seen.place <= gone.place group by all order by all"
        ).fetchall()
        against = {
            gone: f"{count} of its keys stand in {there}"
            for gone, there, count in found
            if self._is_no_earlier(there, gone)
        }
        told = [[against[name] for name in one.extracts if name in against] for one in listings]
        return [
            replace(one, against=words[0]) if words else one
            for one, words in zip(listings, told, strict=True)
        ]

    def _is_no_earlier(self, one: str, other: str) -> bool:
        """Whether an extract speaks of the same time as another or a later one, by their windows if both have any."""
        ends = self.ends.get(one), self.ends.get(other)
        mine, others = ends if all(ends) else (self.came[one], self.came[other])
        return str(mine) >= str(others)

    def _unreadable(self, by: FeedMapping) -> dict[str, int]:
        """Rows of each list that were set aside with a key of which a needed part is missing: it may be any."""
        keys = [one for one in _with_key_of(self.feed, by).columns if one.is_key]
        needed = [place for place, one in enumerate(keys, 1) if one.required or by.feed != self.feed.name]
        lacks = "".join(f" or split_part(natural_key, '|', {place}) = ''" for place in needed)
        found = self.connection.execute(
            "select extract_id, count(*) from aside where feed = ? and kind = 'quarantined' "
            f"and (natural_key is null{lacks}) group by 1",
            [by.feed],
        ).fetchall()
        return dict(found)

    def _note(self, listings: list[Listing], query: str, words: str) -> None:
        """Add the rows of the keys that a query finds gone, each with the list that says so."""
        run = self.connection
        run.execute("create or replace table applied (place integer, told varchar)")
        for one in listings:
            if not one.held:
                run.execute("insert into applied values (?, ?)", [one.place, one.told])
        run.execute(
            f"insert into gone select row_id, {literal(words)} || applied.told from rows_now "
            f"join ({query}) as missed using (key) join applied on applied.place = missed.place "
            "where row_id not in (select row_id from gone)"
        )

    def withdrawn(self) -> Any:
        """The withdrawn rows as rows of ops__quarantine_row."""
        feed = self.feed
        currency = f'"{feed.control_currency}"' if feed.control_currency else "cast(null as varchar)"
        line = "cast(split_part(substr(row_id, length(source_system || '|' || extract_id) + 2), '|', 1) as bigint)"
        rows = self.connection.execute(
            f"select source_system, extract_id, '{feed.name}' as feed, 'S13' as rule_id, reason, "
            f"extract_id as file_name, {line} as line_no, cast(null as varchar) as raw_hash, row_id, "
            f"{amount_sql(feed)} as amount, {currency} as currency, 'withdrawn' as kind, "
            f"{shown_key_sql(key_sql(feed))} as natural_key "
            f"from {self._files(feed.name)} join gone using (row_id) order by row_id"
        ).to_arrow_table()
        self.connection.close()
        return rows


def _with_key_of(feed: Feed, by: FeedMapping) -> Feed:
    """A feed with the columns that a contract maps: a list may give a part of the key."""
    given = {one.name for one in by.columns}
    return replace(feed, columns=tuple(one for one in feed.columns if one.name in given))
