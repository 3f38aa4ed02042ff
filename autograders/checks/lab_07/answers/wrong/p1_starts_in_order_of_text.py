"""Runs in the order of the text of their start, whatever its offset."""
# loses: check_overlapping_runs
# %% bad_nights
def bad_nights(runs, first, last) -> dict:
    ordered = sorted(runs, key=lambda r: str(r["started"]))
    failed = {r["night"] for r in ordered if any(code != 0 for code in r["codes"])}
    over, end = set(), None
    for r in ordered:
        if end is not None and r["started"] < end:
            over.add(r["night"])
        end = r["ended"] if end is None else max(end, r["ended"])
    ran = {r["night"] for r in ordered}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {"failed": sorted(failed), "overlapped": sorted(over), "missing": [d for d in days if d not in ran]}
