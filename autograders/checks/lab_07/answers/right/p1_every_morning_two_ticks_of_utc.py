'''A ScheduleDefinition that looks at 10:00 and 11:00 UTC and asks at the one that is 06:00 in New York; day by its last partition's window.'''
# %% every_morning
@part
def every_morning(morning):
    def due(context):
        there = context.scheduled_execution_time.astimezone(ZoneInfo("America/New_York"))
        if there.hour != 6:
            yield dg.SkipReason(f"it is {there:%H:%M} in New York")
            return
        going = {dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING,
                 dg.DagsterRunStatus.STARTED}
        hangs = [record.dagster_run.run_id
                 for record in context.instance.get_run_records(dg.RunsFilter(job_name="morning"))
                 if record.dagster_run.status in going]
        if hangs:
            yield dg.SkipReason(f"{', '.join(hangs)}: not ended")
        else:
            yield dg.RunRequest(run_key=None, partition_key=date.fromordinal(
                there.toordinal() - 1).isoformat())

    return dg.ScheduleDefinition(name="finance_at_six", job=morning,
                                 cron_schedule="0 10,11 * * *", execution_timezone="UTC",
                                 execution_fn=due,
                                 default_status=dg.DefaultScheduleStatus.RUNNING)
