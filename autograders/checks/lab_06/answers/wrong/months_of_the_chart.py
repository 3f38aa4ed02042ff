"""Only months of the chart."""
# loses: check_every_month_is_compared
# %% differences
def differences(shown, mart):
    due, found = dict(mart), {}
    for row in shown:
        found.setdefault(datetime.fromtimestamp(row['month'] / 1000, UTC).date(), []).append(None if row['mrr'] is None else round(row['mrr'] * 100))
    return sorted(month for month in found if month not in due or found.get(month) != [due[month]])
