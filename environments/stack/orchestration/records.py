"""What runs leave in Dagster's storage, as plain data."""

from typing import Any

import dagster as dg

MAX_LOG = 100_000  # characters of what a run logged
BEGAN = (dg.DagsterEventType.STEP_START, dg.DagsterEventType.STEP_RESTARTED)
ENDED = {dg.DagsterEventType.STEP_SUCCESS: "success", dg.DagsterEventType.STEP_FAILURE: "failed",
         dg.DagsterEventType.STEP_SKIPPED: "skipped"}


def runs_of(instance: dg.DagsterInstance) -> list[dict[str, Any]]:
    """Every run, oldest first, with what each of its steps did."""
    return [_run(instance, record) for record in reversed(instance.get_run_records())]


def _run(instance: dg.DagsterInstance, record: dg.RunRecord) -> dict[str, Any]:
    run = record.dagster_run
    logs = instance.all_logs(run.run_id)
    events = [(entry.timestamp, entry.dagster_event) for entry in logs if entry.dagster_event]
    said = (text for entry in logs for text in _said(entry))
    return {
        "id": run.run_id, "job": run.job_name, "status": run.status.value, "tags": dict(run.tags),
        "partition": run.tags.get("dagster/partition", ""), "created": record.create_timestamp.timestamp(),
        "attempts": _attempts(events), "steps": _outcomes(events),
        "materialized": [_materialization(at, event) for at, event in events if event.is_step_materialization],
        "checks": [_check(at, event) for at, event in events
                   if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION],
        "log": "\n".join(said)[:MAX_LOG],
    }


def _said(entry) -> list[str]:
    """What a log entry says, and the error that it is about."""
    event = entry.dagster_event
    error = getattr(event and event.event_specific_data, "error", None)
    texts = [entry.user_message or (event and event.message) or ""]
    while error:
        texts.append(error.message.strip())
        error = error.cause
    return texts


def _attempts(events: list) -> dict[str, list[float]]:
    """By step, when each attempt began."""
    found: dict[str, list[float]] = {}
    for at, event in events:
        if event.event_type in BEGAN:
            found.setdefault(event.step_key, []).append(at)
    return found


def _outcomes(events: list) -> dict[str, str]:
    return {event.step_key: ENDED[event.event_type] for _, event in events if event.event_type in ENDED}


def _materialization(at: float, event) -> dict[str, Any]:
    made = event.step_materialization_data.materialization
    return {"asset": made.asset_key.to_user_string(), "partition": made.partition or "", "at": at,
            "metadata": {name: value.value for name, value in made.metadata.items()}}


def _check(at: float, event) -> dict[str, Any]:
    made = event.event_specific_data
    return {"asset": made.asset_key.to_user_string(), "check": made.check_name, "passed": made.passed, "at": at,
            "severity": made.severity.value, "blocking": bool(made.blocking)}
