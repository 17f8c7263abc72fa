"""The steps of a run, without Dagster: each reads what the step before it wrote and hands on files.

collect and land -> build -> stage and judge -> publish. `pipelines.assets` wraps them; nothing else calls them.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from pipelines.errors import ContractError, GateError, UsageError, WeirError
from pipelines.files import digest, pretty_json, write_atomic
from pipelines.gate_process import GateProcess
from pipelines.inputs import inputs, keep_definitions, provenance, receipts
from pipelines.run_folder import RunFolder
from pipelines.settings import Settings, hash_key_id, now
from pipelines.warehouse import Build

if TYPE_CHECKING:
    from pipelines.release.candidate import Candidate

MOST_REASONS = 5
MEND = "mend the file or its contract; `weir source check DIR` tries both without a run"
CONFLICT = (
    "put the first bytes back; send the new ones under a name of their own, which `supersedes` the old one"
)


@contextmanager
def timed(folder: RunFolder, step: str) -> Iterator[None]:
    """Keep a step's seconds and the peak memory of the process and its ended children at its end.

    They stand in the run's record, never in what is hashed.
    """
    started = monotonic()
    yield
    seconds = folder.read("seconds") if folder.has("seconds") else {}
    folder.write("seconds", {**seconds, step: round(monotonic() - started, 2)})
    peaks = folder.read("peak_mb") if folder.has("peak_mb") else {}
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)  # landing has a child of its own
    folder.write("peak_mb", {**peaks, step: max(resource.getrusage(one).ru_maxrss for one in who) // 1024})


def land(
    settings: Settings, folder: RunFolder, source_folders: list[Path], *, is_fetched: bool = False
) -> dict[str, Any]:
    """Collect the sources and land what is new; ContractError if a blocking rule rejected a file.

    `is_fetched`: live sources have been asked for this run already.
    """
    from pipelines.landing.approved import keep_approvals
    from pipelines.landing.land import expected_checks, newest_business_date
    from pipelines.landing.land import land as land_receipts
    from pipelines.release.carried import choose
    from pipelines.release.waivers import waivers
    from pipelines.sources.collect import collect_source
    from pipelines.sources.definition import load_source

    folder.write("waivers", {"waivers": waivers(settings.home)})
    keep_approvals(settings.home, waivers(settings.home))
    with timed(folder, "collect"):
        sources = [load_source(one) for one in source_folders]
        keep_definitions(settings.home, source_folders)
        receipts = [
            receipt
            for source in sources
            for receipt in collect_source(source, settings.home, is_fetched=is_fetched)
        ]
    with timed(folder, "land"):
        expected = expected_checks(sources)
        summary = dict(land_receipts(settings.home, settings, sources, receipts))
    folder.write("landing", {**summary, "expected": expected})
    _refuse_rejected(summary)
    as_of = folder.requested_as_of or newest_business_date(settings.home)
    carried = choose(settings.home, as_of.isoformat())
    folder.write(
        "plan",
        {
            "as_of": as_of.isoformat(),
            "carried_from": carried.record() if carried else None,
            "reporting_currency": reporting_currency(settings),
            "inputs": inputs(settings, source_folders, folder.requested_as_of),
            "source_folders": [str(one) for one in source_folders],
        },
    )
    return summary


def _refuse_rejected(summary: dict[str, Any]) -> None:
    rejected = [one for one in summary["checks"] if one["status"] == "failed" and one.get("rejects_file")]
    if rejected:
        first = rejected[0]
        more = f" (and {len(rejected) - 1} more)" if len(rejected) > 1 else ""
        raise ContractError(
            f"a file was rejected{more}: {first['rule']} {first['name']}: {first['observed']}",
            where=first["where"],
            todo=CONFLICT if first["rule"] == "S06" else MEND,
        )


def reporting_currency(settings: Settings) -> str:
    """The currency of the marts: as set, else the only one that the accepted orders use."""
    if settings.reporting_currency:
        return settings.reporting_currency
    import polars as pl

    files = str(settings.home.landing / "orders__orders" / "*" / "*.parquet")
    found = pl.scan_parquet(files).select(pl.col("currency").unique().sort()).collect()["currency"].to_list()
    if len(found) != 1:
        raise UsageError(
            f"orders come in {len(found)} currencies ({', '.join(found)}) and no reporting currency is set",
            where=str(settings.home.root / "weir.toml"),
            todo='write reporting_currency = "CNY" (or another) into weir.toml',
        )
    return str(found[0])


def feed_metadata(summary: dict[str, Any], feed: str) -> dict[str, Any]:
    """Rows and money of one feed over all its sources, for the asset's page."""
    counts: dict[str, Any] = {}
    for entry in summary["feeds"]:
        if entry["feed"] == feed:
            for name in ("read", "accepted", "quarantined", "duplicates", "rejected"):
                counts[f"rows_{name}"] = counts.get(f"rows_{name}", 0) + entry[name]["rows"]
                for currency, amount in entry[name]["money"].items():
                    counts[f"{name}_{entry['source']}_{currency}"] = str(amount)
    return counts


def build(settings: Settings, folder: RunFolder, gate: GateProcess) -> Build:
    """Run dbt once, while the gate already judges what has landed. WeirError if a model could not be built."""
    from pipelines.warehouse import build as run_dbt
    from pipelines.warehouse import sql_sent

    plan = folder.read("plan")
    gate.tell({"landed": {"landing_root": str(settings.home.landing), "as_of": plan["as_of"]}})
    with timed(folder, "build"):
        built = run_dbt(settings, plan, folder.dbt)
    broken = {name: status for name, status in built.statuses.items() if status in {"error", "skipped"}}
    models = sorted(name for name in broken if name.startswith(("model.", "seed.")))
    if models:
        first = next((name for name in models if broken[name] == "error"), models[0])
        raise WeirError(
            f"{len(models)} model(s) could not be built, first {first}: {built.messages[first].strip()}",
            where=str(sql_sent(folder.dbt, first)),
            todo="nothing was published; mend the model, or the input that breaks it, and run again",
        )
    return built


def judge(settings: Settings, folder: RunFolder, gate: GateProcess) -> dict[str, Any]:
    """Stage the candidate, get the verdict on its bytes, write the report beside it.

    The gate judges the tables while `mart.duckdb` is made of them.
    """
    from pipelines.release.candidate import stage

    plan = folder.read("plan")
    question = _question(settings, folder, plan)
    details = {
        "reporting_currency": plan["reporting_currency"],
        "business_timezone": settings.business_timezone,
    }

    def tables_written(staged: Path) -> None:
        gate.tell({"staged": {**question, "candidate": str(staged)}})

    with timed(folder, "stage"):
        candidate = stage(
            settings.home, folder.run_id, folder.dbt / "manifest.json", plan["as_of"], details, tables_written
        )
        folder.write("candidate", candidate.record())
    with timed(folder, "gate"):
        more = {"landing": folder.read("landing"), "created_at": now().isoformat()}
        verdict = gate.ask({**question, **more, "candidate": str(candidate.folder)})
    with timed(folder, "report"):
        _report(settings, folder, candidate, verdict)
    return verdict


def _question(settings: Settings, folder: RunFolder, plan: dict[str, Any]) -> dict[str, Any]:
    """What the gate is asked of a candidate, as far as it is known before there is one."""
    from pipelines.release.carried import folder_of

    parent = folder_of(settings.home, plan["carried_from"])
    return {
        "run_id": folder.run_id,
        "as_of": plan["as_of"],
        "parent": str(parent) if parent else "",
        "landing_root": str(settings.home.landing),
        "dbt_manifest": str(folder.dbt / "manifest.json"),
        "dbt_run_results": str(folder.dbt / "run_results.json"),
        "definitions": settings.definitions,
        "warehouse": str(settings.home.warehouse),
        "verdict": str(folder.verdict_path),
        "waivers": plan["inputs"]["waivers"],
    }


def _report(settings: Settings, folder: RunFolder, candidate: Candidate, verdict: dict[str, Any]) -> None:
    """Write the report into the run's folder, and into the candidate if that may be published."""
    from pipelines.audit.page import render
    from pipelines.audit.report import build_report

    parent = settings.home.releases / candidate.parent_id if candidate.parent_id else None
    draft = {
        "release_id": candidate.release_id,
        "logical_hash": candidate.logical_hash,
        **recorded(settings, folder),
    }
    report = build_report(candidate.folder, verdict, folder.read("landing"), parent, draft)
    targets = [folder.root, *([candidate.folder] if verdict["verdict"] == "pass" else [])]
    for target in targets:
        write_atomic(target / "report.json", pretty_json(report))
        write_atomic(target / "report.html", render(report).encode())


def recorded(settings: Settings, folder: RunFolder) -> dict[str, Any]:
    """What the manifest keeps of a run beside its files: everything that a rebuild needs, nothing of this machine."""
    plan = folder.read("plan")
    return {
        "run_id": folder.run_id,
        "inputs": plan["inputs"],
        "inputs_digest": digest(plan["inputs"]),
        "settings": settings.recorded(),
        "hash_key_id": hash_key_id(settings.home),
        "reporting_currency": plan["reporting_currency"],
        "carried_from": plan["carried_from"],
        "extracts": receipts(settings.home),
        **provenance(),
    }


def blocking_failures(verdict: dict[str, Any], layer: str) -> list[str]:
    """Check ids of one layer that keep the candidate from being published."""
    return [
        one["check_id"]
        for one in verdict["results"]
        if one["layer"] == layer
        and one["status"] in {"failed", "error", "not_run"}
        and one["severity"] != "warn"
    ]


def refusal(verdict: dict[str, Any], folder: RunFolder) -> GateError:
    """The refused verdict as an error: first reasons, and where the report is."""
    reasons = verdict["reasons"]
    more = f" (and {len(reasons) - MOST_REASONS} more)" if len(reasons) > MOST_REASONS else ""
    return GateError(
        f"the gate refused: {'; '.join(reasons[:MOST_REASONS])}{more}",
        where=str(folder.root / "report.html"),
        todo="nothing was published; read the report, mend the cause and run again",
    )


def publish(settings: Settings, folder: RunFolder) -> dict[str, Any]:
    """Publish the judged candidate; GateError unless this run's own verdict passes on these very bytes."""
    from pipelines.release.candidate import Candidate
    from pipelines.release.publish import publish as publish_candidate

    candidate, verdict = Candidate.from_record(folder.read("candidate")), folder.read("verdict")
    if verdict["verdict"] != "pass":
        raise refusal(verdict, folder)
    with timed(folder, "release"):
        release_id = publish_candidate(settings.home, candidate, verdict, recorded(settings, folder))
    published = {
        "release_id": release_id,
        "parent_id": candidate.parent_id,
        "is_current": settings.home.current.resolve().name == release_id,
        "report": str(settings.home.releases / release_id / "report.html"),
    }
    folder.write("published", published)
    return published
