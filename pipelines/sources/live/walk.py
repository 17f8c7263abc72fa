"""One walk over one stream of a live source: page by page into the journal, and from there into the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from pipelines.home import Home
from pipelines.sources.live.extracts import archive, is_archived, known_lines, newest_of_each
from pipelines.sources.live.failures import SourceFaultError, StartAgainError
from pipelines.sources.live.journal import Journal
from pipelines.sources.live.place import Place, Walk, journal_path, read_place, write_place
from pipelines.sources.live.protocol import Page, Record
from pipelines.sources.live.raw import digest_of, line
from pipelines.sources.live.sweep import known_ids
from pipelines.sources.live.times import earlier, instant
from pipelines.sources.model import Source

EXTRACT_ROWS = 20_000
EXTRACT_BYTES = 32 << 20
MOST_RESTARTS = 50
COUNT_TOLERANCE = 200  # one in so many records may come and go while they are fetched: 0.5 %


@dataclass(frozen=True)
class Stream:
    """What is walked over: changes of an object, or what was deleted of it. `ask(since, resume)` gives pages.

    `expected`: how many records the system counted before; a walk over all of them may not bring fewer.
    """

    name: str
    key: str
    cursor: str | None
    ask: Callable[[str | None, dict[str, Any] | None], Iterator[Page]]
    expected: int | None = None


@dataclass
class Walked:
    """What a walk came to. `new` lines were not known before."""

    name: str
    pages: int = 0
    got: int = 0
    new: int = 0
    extracts: int = 0
    is_complete: bool = False
    is_first: bool = False
    newest: str | None = None
    restarts: list[str] = field(default_factory=list)


class Walker:
    """Walks a stream to its end, going on where the last process stopped."""

    def __init__(self, home: Home, source: Source, stream: Stream, overlap_minutes: int) -> None:
        self.home, self.source, self.stream, self.overlap = home, source, stream, overlap_minutes
        self.journal = Journal(journal_path(home, source.name, stream.name))
        self.place = read_place(home, source.name, stream.name)
        self._recover()
        self.told = Walked(stream.name, is_first=self.place.watermark is None)

    def _recover(self) -> None:
        """What the journal knows is newer than the place, unless its lines are archived already."""
        last = self.journal.last
        if last is None or last["number"] != self.place.archived + 1:
            self.journal.drop()
            return
        self.place.walk = Walk(**last["walk"])
        if is_archived(self.home, self.source.name, self.stream.name, last["number"]):
            self.place.archived = last["number"]
            self._keep()

    def run(self, now: Callable[[], datetime], most_pages: int | None = None) -> Walked:
        """Walk to the end. What interrupts it leaves a place from which the next call goes on."""
        if self.place.walk is None:
            since = self.place.watermark and earlier(self.place.watermark, minutes=self.overlap)
            self.place.walk = Walk(since if self.stream.cursor else None, began=_text(now()))
        self.known = self._known()
        while not self._pages(now, most_pages):
            pass
        self._must_be_whole()
        self._close(now)
        return self.told

    def _known(self) -> dict[str, str]:
        """Digests of what is archived or in the journal and may come again."""
        walk, first = self._walk(), None
        if self.stream.cursor:
            first = earlier(walk.newest, minutes=self.overlap) if walk.newest else walk.since
        found = known_lines(
            self.home, self.source.name, self.stream.name, self.place.archived, self.stream.key, first
        )
        if not self.stream.cursor:  # what was gone and comes again as it was is news
            there = known_ids(self.home, self.source, self.stream.name, self.stream.key)
            found = {key: digest for key, digest in found.items() if key in there}
        for one in self.journal.lines():
            found[_key(one, self.stream.key)] = digest_of(one)
        return found

    def _pages(self, now: Callable[[], datetime], most_pages: int | None) -> bool:
        """Take pages until there are no more (True), or the walk lost its place and begins again (False)."""
        walk = self._walk()
        try:
            for page in self.stream.ask(walk.since, walk.resume):
                self._take(page, now)
                if most_pages is not None and self.told.pages >= most_pages:
                    break
        except StartAgainError as lost:
            self._start_again(lost)
            return False
        self.told.is_complete = True
        return True

    def _walk(self) -> Walk:
        assert self.place.walk is not None
        return self.place.walk

    def _take(self, page: Page, now: Callable[[], datetime]) -> None:
        fresh = []
        walk, seen = self._walk(), self._walk().seen
        for record in page.records:
            content = line(record)
            key, digest = str(record[self.stream.key]), digest_of(content)
            seen = max(filter(None, (seen, self._changed(record))), default=None)
            if self.known.get(key) != digest:
                self.known[key] = digest
                fresh.append(content)
        newest = seen if page.is_sorted else walk.newest
        got = walk.got + len(page.records)
        walk = self.place.walk = replace(walk, resume=page.resume, seen=seen, newest=newest, got=got)
        self._commit(fresh, now)
        self.told.pages += 1
        self.told.got += len(page.records)
        self.told.new += len(fresh)
        if self.journal.rows >= EXTRACT_ROWS or self.journal.bytes >= EXTRACT_BYTES:
            self.archive(is_complete=False)

    def _commit(self, lines: list[bytes], now: Callable[[], datetime]) -> None:
        at = now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.journal.append(
            lines, {"number": self.place.archived + 1, "at": at, "walk": self._walk().__dict__}
        )

    def _changed(self, record: Record) -> str | None:
        return instant(record.get(self.stream.cursor)) if self.stream.cursor else None

    def _start_again(self, lost: StartAgainError) -> None:
        """From the newest change that was seen; a walk in another order has to begin at its own beginning."""
        walk = self._walk()
        self.told.restarts.append(str(lost))
        if len(self.told.restarts) > MOST_RESTARTS:
            raise RuntimeError(f"{self.stream.name}: the walk lost its place {MOST_RESTARTS} times")
        since = earlier(walk.newest, minutes=self.overlap) if walk.newest else walk.since
        if lost.is_full and walk.newest and (since or "") <= (walk.since or ""):
            since = earlier(walk.newest, seconds=1)  # the overlap alone fills a walk
        since = max(filter(None, (since, walk.since)), default=None)
        self.place.walk = replace(walk, since=since, resume=None)
        self.known = self._known()

    def archive(self, *, is_complete: bool) -> None:
        """Make an extract of what the journal holds, and go on with an empty one."""
        last = self.journal.last
        if last is None:
            return
        walk = self._walk()
        lines = newest_of_each(self.journal.lines(), self.stream.key)
        number = self.place.archived + 1
        if lines or (is_complete and self.place.archived == 0):
            window = {
                "from": walk.since or "",
                "to": walk.seen or "",
                "fetched_at": last["at"],
                "complete": "yes" if is_complete else "no",
            }
            archive(self.home, self.source, self.stream.name, number, lines, window)
            self.told.extracts += 1
            self.place.archived = number
        self._keep()
        if self.stream.cursor:  # what lies further back than one extract is looked up when it is needed
            self.known = {_key(one, self.stream.key): digest_of(one) for one in lines}

    def _keep(self) -> None:
        write_place(self.home, self.source.name, self.stream.name, self.place)
        self.journal.drop()

    def _must_be_whole(self) -> None:
        """A page lost without a word: nothing is taken for complete, and the next walk is over all records again."""
        expected, got = self.stream.expected, self._walk().got
        if (
            expected is None
            or not self.told.is_first
            or got >= expected - max(1, expected // COUNT_TOLERANCE)
        ):
            return
        self.archive(is_complete=False)
        self.place.walk = None
        self._keep()
        raise SourceFaultError(
            f"{self.source.name}: {self.stream.name} has {expected} records by its own count, {got} came",
            todo="run again; if it stays so, `weir source doctor DIR` shows what these credentials may see",
        )

    def _close(self, now: Callable[[], datetime]) -> None:
        walk = self._walk()
        if self.journal.last is None and self.place.archived == 0:
            self._commit([], now)  # an object without records has an extract too: it says that it was asked
        self.archive(is_complete=True)
        self.told.newest = walk.seen
        watermark = min(walk.seen, walk.began) if walk.seen else self.place.watermark
        self.place = Place(self.place.archived, watermark, None)
        self._keep()


def _key(content: bytes, key: str) -> str:
    return str(orjson.loads(content)[key])


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
