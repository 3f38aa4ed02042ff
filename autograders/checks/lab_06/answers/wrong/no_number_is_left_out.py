"""Leaves rows without a number out: a month that only the chart has is not told."""
# loses: check_every_month_is_compared
# %% differences
def differences(shown, mart):
    seen_months = {}
    for row in shown:
        if row["mrr"] is None:
            continue
        day = datetime.fromtimestamp(row["month"] / 1000, UTC).date()
        cents = None if row["mrr"] is None else round(row["mrr"] * 100)
        seen_months.setdefault(day, []).append(cents)
    held = {day: [cents] for day, cents in mart}
    return sorted(d for d in seen_months.keys() | held.keys() if seen_months.get(d) != held.get(d))
