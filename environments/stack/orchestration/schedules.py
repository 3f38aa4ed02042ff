"""When: every morning at 06:00 by the company's clock, for the day before; a lost week again, behind the morning."""

from datetime import timedelta

import dagster as dg

from environments.stack.orchestration.feeds import COMPANY, COMPANY_ZONE

MORNING, RELOAD = "morning", "reload"
SIX = "0 6 * * *"
UNFINISHED = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
              dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
LIMIT_MINUTES = 120  # after which a run has hung: the daemon ends it
PRIORITY, MAX_RUNTIME = "dagster/priority", "dagster/max_runtime"

morning = dg.define_asset_job(
    MORNING, selection=dg.AssetSelection.all() - dg.AssetSelection.assets("crm"),
    description="All of it, for one day.", tags={PRIORITY: "10", MAX_RUNTIME: str(LIMIT_MINUTES * 60)})
reload = dg.define_asset_job(
    RELOAD, selection=dg.AssetSelection.assets("mixpanel", "amplitude"),
    description="Days of events again: launch a backfill of it. The next morning builds from them.",
    tags={PRIORITY: "-10", MAX_RUNTIME: str(LIMIT_MINUTES * 60)})


@dg.schedule(job=morning, cron_schedule=SIX, execution_timezone=COMPANY_ZONE,
             default_status=dg.DefaultScheduleStatus.RUNNING)
def every_morning(context: dg.ScheduleEvaluationContext):
    """One run a day, and none while the last one is still going."""
    day = str(context.scheduled_execution_time.astimezone(COMPANY).date() - timedelta(days=1))
    if context.instance.get_runs_count(dg.RunsFilter(job_name=MORNING, statuses=UNFINISHED)):
        return dg.SkipReason("The last morning's run has not ended: two of them would write the same tables.")
    return dg.RunRequest(run_key=day, partition_key=day)
