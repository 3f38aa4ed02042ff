"""A step that a signal ended has a negative code."""
# loses: check_failed_steps
# %% bad_nights
def bad_nights(runs, first, last) -> dict:
    failed = {run["night"] for run in runs if any(code > 0 for code in run["codes"])}
    overlapped = {later["night"] for later in runs for sooner in runs
                  if sooner["started"] < later["started"] < sooner["ended"]}
    all_nights = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    missing = all_nights - {run["night"] for run in runs}
    return {"failed": sorted(failed), "overlapped": sorted(overlapped), "missing": sorted(missing)}
