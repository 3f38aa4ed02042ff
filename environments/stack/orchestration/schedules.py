"""When: every morning at 06:00 by the company's clock, for the day before; a lost week again, behind the morning."""

from datetime import timedelta

import dagster as dg

from environments.stack.orchestration.feeds import COMPANY, COMPANY_ZONE

MORNING, RELOAD = "morning", "reload"
SIX = "0 6 * * *"
UNFINISHED = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
              dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
LIMITS = {
    "dagster/max_runtime": str(2 * 3600),  # seconds, after which a run has hung: the daemon ends it
    "dagster/max_retries": "1",            # one whose process has died is run again, for what it had not done;
    "dagster/retry_on_asset_or_op_failure": "false",  # one of which a step failed is not: that step was tried enough
}
PRIORITY = "dagster/priority"


def morning_of(selection: dg.AssetSelection):
    """The job of the morning, of these assets."""
    return dg.define_asset_job(MORNING, selection, description="All of it, for one day.",
                               tags={PRIORITY: "10", **LIMITS})


def reload_of(selection: dg.AssetSelection):
    """The job of backfills, of these assets."""
    return dg.define_asset_job(
        RELOAD, selection, tags={PRIORITY: "-10", **LIMITS},
        description="Days of events again: launch a backfill of it. The next morning builds from them.")


def mornings(job) -> dg.ScheduleDefinition:
    """The schedule every_morning of a job that is called so."""

    @dg.schedule(job=job, cron_schedule=SIX, execution_timezone=COMPANY_ZONE,
                 default_status=dg.DefaultScheduleStatus.RUNNING)
    def every_morning(context: dg.ScheduleEvaluationContext):
        """One run a day, and none while the last one is still going."""
        day = str(context.scheduled_execution_time.astimezone(COMPANY).date() - timedelta(days=1))
        if context.instance.get_runs_count(dg.RunsFilter(job_name=MORNING, statuses=UNFINISHED)):
            return dg.SkipReason("The last morning's run has not ended: two of them would write the same tables.")
        return dg.RunRequest(run_key=day, partition_key=day)

    return every_morning


morning = morning_of(dg.AssetSelection.all() - dg.AssetSelection.assets("crm"))
reload = reload_of(dg.AssetSelection.assets("mixpanel", "amplitude"))
every_morning = mornings(morning)
