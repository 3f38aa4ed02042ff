"""An outer join of two frames."""
# %% differences
import pandas as pd

def differences(shown, mart):
    left = pd.DataFrame(shown, columns=["month", "mrr"])
    left["month"] = [] if left.empty else [(datetime(1970, 1, 1) + timedelta(milliseconds=ms)).date() for ms in left["month"]]
    right = pd.DataFrame(mart, columns=["month", "cents"])
    bad = set(left.month[left.month.duplicated()])
    both = left.astype(object).merge(right.astype(object), on="month", how="outer")
    for row in both.itertuples():
        if pd.isna(row.mrr) or pd.isna(row.cents) or abs(row.mrr - row.cents / 100) > 0.001:
            bad.add(row.month)
    return sorted(bad)
