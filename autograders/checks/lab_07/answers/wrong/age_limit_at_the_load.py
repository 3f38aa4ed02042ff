"""Looks at the age when a load has just ended, where it is smallest."""
# loses: check_age_before_it_is_late
# %% age_limit
def age_limit(loads) -> int:
    return math.ceil(max(ended - newest for ended, newest in loads) / timedelta(hours=1))
