"""New York taken for five hours behind, summer or winter, and for everywhere."""
# loses: check_a_day_has_a_zone
# %% day_of
def day_of(seconds, zone) -> str:
    return datetime.fromtimestamp(seconds - 5 * 3600, UTC).date().isoformat()
