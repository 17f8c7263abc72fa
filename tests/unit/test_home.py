"""The home folder: layout version and the lock."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from pipelines.errors import USAGE, UsageError
from pipelines.home import Home, run_lock


def test_prepare_makes_the_layout_and_keeps_restricted_folders_private(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    assert (home.root / "layout_version").read_text() == "1\n"
    for folder in (home.restricted, home.quarantine, home.blobs.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_home_of_another_layout_is_refused_with_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (tmp_path / "layout_version").write_text("99\n")
    with pytest.raises(UsageError, match="layout version 99") as caught:
        home.prepare()
    assert caught.value.exit_code == USAGE
    assert "--home" in caught.value.todo


def test_a_second_run_says_who_holds_the_lock(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with run_lock(home), pytest.raises(UsageError, match=f"process {os.getpid()}"), _other_process_view(home):
        pass


class _other_process_view:  # noqa: N801 - reads as a context
    """Tries the lock in a child, and raises here what it raised there."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def __enter__(self) -> None:
        context = multiprocessing.get_context("spawn")
        answers = context.Queue()
        child = context.Process(target=_try_lock, args=(self.home, answers))
        child.start()
        what = answers.get(timeout=60)
        child.join()
        if what:
            raise UsageError(what)

    def __exit__(self, *_: object) -> None:
        return None


def _try_lock(home: Home, answers: "multiprocessing.Queue[str]") -> None:
    try:
        with run_lock(home):
            answers.put("")
    except UsageError as error:
        answers.put(error.what)


def _hold_until_killed(home: Home, answers: "multiprocessing.Queue[str]") -> None:
    with run_lock(home):
        answers.put("held")
        signal.pause()


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    child = context.Process(target=_hold_until_killed, args=(home, answers))
    child.start()
    assert answers.get(timeout=60) == "held"
    child.kill()
    child.join()
    with run_lock(home):
        pass


def test_the_process_that_holds_the_lock_may_take_it_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with run_lock(home):
        with run_lock(home):
            pass
        with pytest.raises(UsageError), _other_process_view(home):
            pass
