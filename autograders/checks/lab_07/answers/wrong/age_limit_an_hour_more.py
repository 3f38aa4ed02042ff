"""Rounds whole hours up as well."""
# loses: check_age_before_it_is_late
# %% age_limit
def age_limit(loads) -> int:
    newest, oldest = loads[0][1], timedelta(0)
    for ended, brought in loads[1:]:
        oldest, newest = max(oldest, ended - newest), max(newest, brought)
    return oldest // timedelta(hours=1) + 1
