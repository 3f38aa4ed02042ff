"""Counts whole minutes: half a minute over an hour is lost."""
# loses: check_age_before_it_is_late
# %% age_limit
def age_limit(loads) -> int:
    newest = loads[0][1]
    oldest = loads[0][0] - newest
    for ended, brought in loads[1:]:
        oldest = max(oldest, ended - newest)
        newest = max(newest, brought)
        oldest = max(oldest, ended - newest)
    return -(-(oldest // timedelta(minutes=1)) // 60)
