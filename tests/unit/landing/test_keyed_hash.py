"""Restricted text as keyed hashes: what meets, what does not, and where the clear text may stand."""

from __future__ import annotations

import stat
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.errors import UsageError
from pipelines.home import Home
from pipelines.landing.keyed_hash import code_form, name_form, with_hashes
from pipelines.settings import hash_key, hash_key_id
from quality.feeds import feed


def _home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    return home


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("91 3100-00 ma1x", "913100" + "00MA1X"),
        ("９１３１００００ＭＡ１Ｘ", "91310000MA1X"),
        ("N/A", None),
        ("0000000000", None),
        ("1234", None),
    ],
)
def test_a_registration_number_is_its_letters_and_digits(text: str, form: str | None) -> None:
    assert code_form(text) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Acme Trading Co., Ltd.", "acmetrading"),
        ("ＡＣＭＥ trading", "acmetrading"),
        ("上海 海天（贸易）有限公司", "上海海天贸易"),
        ("上海海天贸易有限责任公司", "上海海天贸易"),
        ("Ltd", "ltd"),
        ("R&D Inc.", "randd"),
        ("...", None),
    ],
)
def test_a_name_is_compared_without_case_spaces_and_legal_form(text: str, form: str | None) -> None:
    assert name_form(text) == form


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    home = _home(tmp_path)
    assert hash_key(home) == hash_key(home)
    assert stat.S_IMODE((home.restricted / "hash_key").stat().st_mode) == 0o600
    assert len(hash_key_id(home)) == 12
    assert hash_key_id(home).encode() not in hash_key(home)


def test_a_key_of_the_environment_holds_and_a_short_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _home(tmp_path)
    monkeypatch.setenv("WEIR_HASH_KEY", "k" * 32)
    assert hash_key(home) == b"k" * 32
    assert not (home.restricted / "hash_key").exists()
    monkeypatch.setenv("WEIR_HASH_KEY", "short")
    with pytest.raises(UsageError):
        hash_key(home)


def test_equal_text_meets_under_any_key_and_the_text_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = ["91310000MA1X", "9131 0000 ma1x", "91310000MA1Y", None, "-"]
    rows = pa.table({"registration_hash": numbers, "name_hash": pa.nulls(5, pa.string())})
    seen = []
    for key in ("a" * 32, "b" * 32):
        monkeypatch.setenv("WEIR_HASH_KEY", key)
        hashes = (
            with_hashes(rows, feed("crm.accounts"), _home(tmp_path)).column("registration_hash").to_pylist()
        )
        assert hashes[0] == hashes[1] != hashes[2]
        assert hashes[3:] == [None, None]
        seen.append(hashes[0])
    assert seen[0] != seen[1]
    assert len(seen[0]) == 64
