"""The day before yesterday, by 48 hours."""
# loses: check_six_oclock
# %% every_morning
@part
def every_morning(morning):
    here = "America/New_York"
    status = dg.DagsterRunStatus
    unfinished = dg.RunsFilter(job_name="morning",
                               statuses=[status.QUEUED, status.STARTING, status.STARTED])

    @dg.schedule(job=morning, cron_schedule="0 6 * * *", execution_timezone=here,
                 default_status=dg.DefaultScheduleStatus.RUNNING)
    def every_morning(context: dg.ScheduleEvaluationContext):
        if context.instance.get_runs_count(unfinished):
            return dg.SkipReason("the last run of morning has not ended")
        today = context.scheduled_execution_time.astimezone(ZoneInfo(here)).date()
        return dg.RunRequest(partition_key=str(today - timedelta(days=2)))

    return every_morning
