'''The night of a run is taken from the day on which it started: one made up for a day later hides the loss.'''
# loses: check_failed_steps, check_missing_nights, check_overlapping_runs
# %% bad_nights
def bad_nights(runs, first, last) -> dict:
    def night(run):
        return run["started"].date()

    failed = {night(run) for run in runs if any(run["codes"])}
    overlapped = {night(run) for run in runs for other in runs
                  if other["started"] < run["started"] < other["ended"]}
    every = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return {"failed": sorted(failed), "overlapped": sorted(overlapped),
            "missing": sorted(every - {night(run) for run in runs})}
