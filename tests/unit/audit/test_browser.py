"""The page as a browser sees it: nothing blocked by its own policy, nothing run, nothing fetched."""

import shutil
import subprocess

import pytest

from pipelines.audit.page import render
from tests.unit.audit.test_page import PAYLOADS, poisoned

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--enable-logging=stderr", "--dump-dom",
)  # fmt: skip


def opened(page, folder):
    """The document as the browser built it, and what it wrote to its console."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    done = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", path.as_uri()],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    console = [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
    return done.stdout, console


def test_report_opens_without_a_message(report, tmp_path):
    document, console = opened(render(report), tmp_path)
    assert "Quality report 2024-02-29.0002.ab12cd34" in document
    assert console == []


def test_hostile_report_runs_nothing(report, tmp_path):
    payload = "".join(PAYLOADS) + "<script>document.title = 'owned'</script>"
    document, console = opened(render(poisoned(report, payload)), tmp_path)
    assert "<title>owned</title>" not in document
    assert console == []


def test_the_browser_would_have_told(report, tmp_path):
    page = render(report).replace("<main id", '<p style="color:red">x</p><main id')
    _, console = opened(page, tmp_path)
    assert any("Content Security Policy" in line for line in console)
