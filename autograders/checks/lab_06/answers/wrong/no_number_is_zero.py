"""No number is taken for 0."""
# loses: check_to_the_cent
# %% differences
def differences(shown, mart):
    seen_months = {}
    for row in shown:
        day = datetime.fromtimestamp(row["month"] / 1000, UTC).date()
        cents = round((row["mrr"] or 0) * 100)
        seen_months.setdefault(day, []).append(cents)
    held = {day: [cents] for day, cents in mart}
    return sorted(d for d in seen_months.keys() | held.keys() if seen_months.get(d) != held.get(d))
