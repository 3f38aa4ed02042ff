'''Zones are cut off before the comparison, so a start in New York is compared with an end in UTC.'''
# loses: check_overlapping_runs
# %% bad_nights
def bad_nights(runs, first, last) -> dict:
    def plain(moment):
        return moment.replace(tzinfo=None)

    failed = {run["night"] for run in runs if any(run["codes"])}
    overlapped = {run["night"] for run in runs for other in runs
                  if plain(other["started"]) < plain(run["started"]) < plain(other["ended"])}
    there = {run["night"] for run in runs}
    every = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return {"failed": sorted(failed), "overlapped": sorted(overlapped),
            "missing": sorted(every - there)}
