"""Pipelines for tests: the reference around its dbt project, parsed once, and small ones as text."""

from pathlib import Path

from environments.stack.dbt_project import DbtProject

SMALL = '''
import dagster as dg
from environments.stack.orchestration.loads import DAYS, failing_clearly
from environments.stack.orchestration.resources import Source, WarehouseFile

@dg.asset(retry_policy=dg.RetryPolicy(max_retries=2, delay=30))
def stripe(stripe: Source, warehouse: WarehouseFile) -> dg.MaterializeResult:
    with failing_clearly():
        return dg.MaterializeResult(metadata={"rows": stripe.load(warehouse)})

@dg.schedule(target=[stripe], cron_schedule="0 6 * * *", execution_timezone="America/New_York",
             default_status=dg.DefaultScheduleStatus.RUNNING)
def nightly():
    return dg.RunRequest()

defs = dg.Definitions(assets=[stripe], schedules=[nightly])
'''


def reference():
    """The reference pipeline around two steps that stand in for dbt's, each of which makes one mart."""
    from environments.stack.orchestration.definitions import around
    from environments.stack.orchestration.parts import models

    return around(models())


def reference_manifest(folder: Path) -> dict:
    """What dbt knows of the reference project, copied into this folder."""
    from environments.stack.orchestration.definitions import manifest_of

    run = DbtProject.copy(folder).run("parse")
    assert run.success, run.why()
    return manifest_of(folder)
