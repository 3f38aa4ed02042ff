"""Takes a backfill of an old day for the newest row."""
# loses: check_age_before_it_is_late
# %% age_limit
def age_limit(loads) -> int:
    newest, oldest = loads[0][1], timedelta(0)
    for ended, brought in loads[1:]:
        oldest, newest = max(oldest, ended - newest), brought
    return math.ceil(oldest / timedelta(hours=1))
