"""Compares with DuckDB's dates in New York, each check with a connection of its own; a run status that counts down."""
# %% every_morning
@part
def every_morning(morning):
    NEW_YORK = ZoneInfo("America/New_York")

    class Busy(Exception):
        pass

    def expect_idle(instance):
        for run in instance.get_runs(limit=500):
            if run.job_name == "morning" and run.status.value in {"QUEUED", "STARTING", "STARTED"}:
                raise Busy(f"run {run.run_id} is {run.status.value}")

    @dg.schedule(name="daily_at_six", job=morning, cron_schedule="0 6 * * *", execution_timezone=str(NEW_YORK),
                 default_status=dg.DefaultScheduleStatus.RUNNING, tags={"by": "schedule"})
    def daily(context):
        try:
            expect_idle(context.instance)
        except Busy as e:
            return dg.SkipReason(str(e))
        today = context.scheduled_execution_time.astimezone(NEW_YORK).date()
        return dg.RunRequest(partition_key=(today - timedelta(1)).isoformat(), tags={"why": "morning"})

    return daily
# %% billing
@part
def billing():
    def stripe(context):
        """What changed since the last run."""
        source = context.resources.stripe
        try:
            return dg.MaterializeResult(metadata={"rows": source.load(context.resources.warehouse)})
        except Passing as passing:
            waits = [60, 180, 420]
            if context.retry_number < len(waits):
                raise dg.RetryRequested(max_retries=len(waits), seconds_to_wait=waits[context.retry_number]) from passing
            raise

    return dg.asset(name="stripe", required_resource_keys={"stripe", "warehouse"})(stripe)
