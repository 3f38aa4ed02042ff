"""None ends it."""
# loses: check_to_the_cent, check_every_month_is_compared
# %% differences
def differences(shown, mart):
    due, found = dict(mart), {}
    for row in shown:
        found.setdefault(datetime.fromtimestamp(row['month'] / 1000, UTC).date(), []).append(round(row['mrr'] * 100))
    return sorted(month for month in due.keys() | found if month not in due or found.get(month) != [due[month]])
