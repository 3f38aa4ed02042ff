'''Only the newest run of the job is looked at: an older one that still hangs is not seen behind a failed one.'''
# loses: check_one_at_a_time
# %% every_morning
@part
def every_morning(morning):
    @dg.schedule(job=morning, cron_schedule="0 6 * * *", execution_timezone="America/New_York",
                 default_status=dg.DefaultScheduleStatus.RUNNING)
    def six(context: dg.ScheduleEvaluationContext):
        busy = (dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING,
                dg.DagsterRunStatus.STARTED)
        newest = context.instance.get_runs(dg.RunsFilter(job_name="morning"), limit=1)
        if newest and newest[0].status in busy:
            return dg.SkipReason("the run before has not ended")
        yesterday = context.scheduled_execution_time.date() - timedelta(days=1)
        return dg.RunRequest(partition_key=str(yesterday))

    return six
