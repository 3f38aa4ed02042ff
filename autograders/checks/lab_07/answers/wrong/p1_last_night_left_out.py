"""The last night is not looked for."""
# loses: check_missing_nights
# %% bad_nights
def bad_nights(runs, first, last) -> dict:
    failed = {run["night"] for run in runs if any(run["codes"])}
    overlapped = {later["night"] for later in runs for sooner in runs
                  if sooner["started"] < later["started"] < sooner["ended"]}
    all_nights = {first + timedelta(days=number) for number in range((last - first).days)}
    missing = all_nights - {run["night"] for run in runs}
    return {"failed": sorted(failed), "overlapped": sorted(overlapped), "missing": sorted(missing)}
