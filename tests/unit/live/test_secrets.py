"""Nothing secret is left behind by a run: not in a log, an error, a Dagster event, a receipt or a manifest."""

import os
from pathlib import Path

import dagster as dg
import pytest

from pipelines.cli import main
from pipelines.definitions import defs
from pipelines.errors import USAGE, UsageError
from pipelines.sources.definition import load_source
from pipelines.sources.live.vault import Vault
from tests.fixtures.zoho_source import credentials
from tests.servers.zoho_data import fill
from tests.unit.live.ground import Ground

CANARIES = {
    "client_id": "1000.CANARYCLIENT",
    "client_secret": "canary-of-the-client-secret",
    "refresh_token": "1000.canary-of-the-refresh-token",
}
TOLD = [*(value.encode() for value in CANARIES.values()), b"1000.access-"]


def leaks(*roots: Path) -> list[str]:
    """Files below the roots that hold a secret or an access token."""
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    assert files
    return [str(path) for path in files if any(one in path.read_bytes() for one in TOLD)]


@pytest.fixture
def planted(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Ground:
    for name, value in CANARIES.items():
        setattr(ground.zoho.auth, name, value)
    for name, value in credentials(ground.zoho.auth).items():
        monkeypatch.setenv(name, value)
    fill(ground.zoho.store, 300)
    return ground


def test_the_whole_job_leaves_no_secret_and_no_access_token(
    planted: Ground, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Collected and landed by Dagster, whose storage is kept; it ends there, for there are no orders."""
    planted.zoho.fail("/crm/v8/Deals", "401", "500", "reset")
    storage = tmp_path / "storage"
    storage.mkdir()
    with dg.DagsterInstance.local_temp(str(storage)) as instance:
        config = {"home": str(planted.home.root), "sources": [str(planted.folder)]}
        result = defs.resolve_job_def("daily").execute_in_process(
            run_config={"resources": {"weir": {"config": config}}}, instance=instance, raise_on_error=False
        )
    assert not result.success
    assert len(planted.ids()) == 300
    assert leaks(planted.home.root, storage) == []
    shown = capfd.readouterr()
    assert not any(one in (shown.out + shown.err).encode() for one in TOLD)


def test_credentials_that_zoho_refuses_are_not_printed(
    planted: Ground, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    planted.zoho.auth.refresh_token = "1000.another"
    with pytest.raises(SystemExit) as ended:
        main(["run", "--source", str(planted.folder), "--home", str(planted.home.root)])
    shown = capfd.readouterr()
    assert ended.value.code == USAGE
    assert "invalid_code" in shown.err
    assert "to do: check the refresh token" in shown.err
    assert not any(one in (shown.out + shown.err).encode() for one in TOLD)
    assert leaks(planted.home.root) == []


def test_a_secret_in_place_of_a_name_is_refused_unprinted(planted: Ground) -> None:
    planted.live(credentials={"client_secret": CANARIES["client_secret"]})
    with pytest.raises(UsageError) as caught:
        load_source(planted.folder)
    assert not any(one.decode() in "\n".join(caught.value.lines()) for one in TOLD)
    planted.live(credentials={CANARIES["client_secret"]: "ZOHO_CLIENT_SECRET"})
    with pytest.raises(UsageError) as caught:
        load_source(planted.folder)
    assert not any(one.decode() in "\n".join(caught.value.lines()) for one in TOLD)


def test_a_secret_comes_from_a_file_that_the_environment_names(
    planted: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text(CANARIES["client_secret"] + "\n")
    monkeypatch.delenv("ZOHO_CLIENT_SECRET")
    with pytest.raises(UsageError, match="the environment has no ZOHO_CLIENT_SECRET"):
        planted.fetch()
    monkeypatch.setenv("ZOHO_CLIENT_SECRET_FILE", str(tmp_path / "secret"))
    planted.fetch()
    assert len(planted.ids()) == 300


def test_secrets_are_struck_out_of_what_a_system_echoes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "ZOHO_CLIENT_SECRET", "hush-hush")
    vault = Vault({"client_secret": "ZOHO_CLIENT_SECRET"}, "")
    vault.add("token-1")
    assert vault.scrub("bad hush-hush, token-1!") == "bad ***, ***!"
    assert "hush" not in repr(vault)


def test_secrets_travel_in_the_body_and_never_in_an_address(planted: Ground) -> None:
    planted.fetch()
    (mint,) = [call for call in planted.zoho.calls if call.path == "/oauth/v2/token"]
    assert mint.query == {}
    assert mint.form()["client_secret"] == CANARIES["client_secret"]
    assert not any(one in str(call.query).encode() for call in planted.zoho.calls for one in TOLD)


@pytest.mark.parametrize("url", ["http://crm.example.com", "https://me:pw@accounts.zoho.com", "zoho.com"])
def test_secrets_go_to_https_alone(planted: Ground, url: str) -> None:
    planted.live(accounts_url=url)
    with pytest.raises(UsageError, match="accounts_url"):
        load_source(planted.folder)
