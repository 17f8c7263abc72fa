"""Settings: each is checked when it is read, with what is wrong, where, and what to do."""

from pathlib import Path

import pytest

from pipelines.errors import USAGE, UsageError
from pipelines.home import Home
from pipelines.settings import load


def written(tmp_path: Path, text: str) -> Home:
    (tmp_path / "weir.toml").write_text(text, encoding="utf-8")
    return Home(tmp_path)


def test_an_absent_file_gives_the_defaults(tmp_path: Path) -> None:
    settings = load(Home(tmp_path))
    assert (settings.business_timezone, settings.reporting_currency, settings.fx_max_age_days) == (
        "Asia/Shanghai",
        None,
        3,
    )


def test_sources_are_relative_to_the_home(tmp_path: Path) -> None:
    assert load(written(tmp_path, 'sources = ["erp"]')).sources == ((tmp_path / "erp").resolve(),)


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIR_FX_MAX_AGE_DAYS", "7")
    assert load(written(tmp_path, "fx_max_age_days = 2")).fx_max_age_days == 7


@pytest.mark.parametrize(
    "line",
    [
        'business_timezone = "Mars"',
        'business_timezone = "../etc"',
        "business_timezone = 8",
        'calendar_region = ""',
        'reporting_currency = "QQQQ"',
        'reporting_currency = "cny"',
        "fiscal_year_start_month = 13",
        "fiscal_year_start_month = true",
        'fx_max_age_days = "x"',
        "period_close_days = -1",
        "alert_webhook = 3",
        'sources = "../a"',
        "sources = [3]",
        "definitions = 3",
        "colour = 1",
        "fx_max_age_days =",
    ],
)
def test_a_wrong_setting_is_told(tmp_path: Path, line: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(written(tmp_path, line))
    assert caught.value.exit_code == USAGE
    assert caught.value.where.endswith("weir.toml")
    assert caught.value.todo


def test_a_wrong_setting_of_the_environment_names_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIR_FX_MAX_AGE_DAYS", "abc")
    with pytest.raises(UsageError, match="fx_max_age_days is 'abc'") as caught:
        load(Home(tmp_path))
    assert caught.value.where == "WEIR_FX_MAX_AGE_DAYS in the environment"


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "weir.toml").write_bytes('calendar_region = "中国"'.encode("gb18030"))
    with pytest.raises(UsageError, match="cannot be read"):
        load(Home(tmp_path))
