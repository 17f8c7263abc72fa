"""The bytes of an archived file, or of one member of an archived zip: inflated block by block, and counted."""

from __future__ import annotations

import gzip
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from pipelines.landing.text_table import FileRejectedError
from pipelines.sources.model import FileFormat

BLOCK = 1 << 20
MOST_INFLATED = 200  # times the packed size; real extracts pack 5 to 30 times
INFLATED_FREELY = 64 << 20
LARGEST = 16 << 30
ARCHIVES = {".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".jar"}
ASIDE = ("__MACOSX/", ".DS_Store")  # what a Mac puts beside the files it packs: no data


def most_inflated(path: Path) -> int:
    """How many bytes a packed file may hold."""
    return min(LARGEST, max(INFLATED_FREELY, path.stat().st_size * MOST_INFLATED))


@dataclass(frozen=True)
class Packed:
    """A file of the archive, and where in it the bytes lie."""

    path: Path
    compression: str = "none"
    member: str | None = None

    def blocks(self) -> Iterator[bytes]:
        """The bytes, block by block.

        Raises:
            FileRejectedError: S01, the packed stream is cut, damaged, or inflates beyond all measure.
        """
        if self.compression == "none":
            with self.path.open("rb") as stream:
                while block := stream.read(BLOCK):
                    yield block
            return
        most, size = most_inflated(self.path), 0
        try:
            for block in self._inflated():
                size += len(block)
                if size > most:
                    raise FileRejectedError(
                        "S01", f"the {self.compression} inflates to more than {most} bytes"
                    )
                yield block
        except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
            raise FileRejectedError("S01", f"the {self.compression} is damaged: {error}") from None

    def _inflated(self) -> Iterator[bytes]:
        if self.compression == "gzip":
            with gzip.open(self.path) as stream:
                while block := stream.read(BLOCK):
                    yield block
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(self.member or "") as stream:
            while block := stream.read(BLOCK):
                yield block

    def content(self) -> bytes:
        """All the bytes."""
        return b"".join(self.blocks())


def _refuse_name(info: zipfile.ZipInfo) -> None:
    """S01 for a member that is no plain file below the place where it lies."""
    name = info.orig_filename
    parts = PurePosixPath(name).parts
    if name.startswith("/") or "\\" in name or ":" in name or ".." in parts or "\0" in name:
        raise FileRejectedError("S01", f"the zip has a member that leaves its folder: {name!r}")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FileRejectedError("S01", f"the zip has a link in it: {name!r}")
    if info.flag_bits & 1:
        raise FileRejectedError("S01", f"the zip has a member that needs a password: {name!r}")
    if PurePosixPath(name).suffix.lower() in ARCHIVES:
        raise FileRejectedError("S01", f"the zip has an archive in it: {name!r}")


def _infos(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise FileRejectedError("S01", f"the zip is damaged: {error}") from None
    for info in found:
        _refuse_name(info)
    files = [one for one in found if not one.is_dir() and not one.filename.startswith(ASIDE)]
    names = [one.filename for one in files]
    if len(set(names)) != len(names):
        raise FileRejectedError("S01", "the zip has two members of one name")
    return files


def members(path: Path, how: FileFormat) -> list[str]:
    """The members of a zip that the format asks for, in order of their names. Nothing is unpacked to disk.

    Raises:
        FileRejectedError: S01, the zip is damaged or a trap, or holds another number of files than declared.
    """
    infos = _infos(path)
    if sum(one.file_size for one in infos) > most_inflated(path):
        raise FileRejectedError("S01", f"the zip inflates to more than {most_inflated(path)} bytes")
    names = sorted(one.filename for one in infos)
    if how.member is None:
        if len(names) != 1:
            listed = ", ".join(names[:5]) or "none"
            reason = f"the zip has {len(names)} files ({listed}); one is read, or those that `member` names"
            raise FileRejectedError("S01", reason)
        return names
    chosen = [name for name in names if fnmatch(name, how.member)]
    if not chosen:
        raise FileRejectedError("S01", f"the zip has no member {how.member}: {', '.join(names[:5])}")
    return chosen
