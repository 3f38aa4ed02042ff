"""Ages in whole seconds: a part of a second more than 30 hours is 30."""
# loses: check_age_before_it_is_late
# %% age_limit
def age_limit(loads) -> int:
    oldest, newest = timedelta.min, None
    for ended, brought in loads:
        if newest is not None:
            oldest = max(oldest, ended - newest)
        newest = brought if newest is None else max(newest, brought)
        oldest = max(oldest, ended - newest)
    return -(-int(oldest.total_seconds()) // 3600)
