"""Millions of lines, displays and pictures."""
# loses: check_bill_cents
# %% + first
from IPython.display import display
for n in range(1_000_000):
    print(n)
# %% bill_cents
def bill_cents(plan, dishes):
    for n in range(1000):
        display({"n": n})
    return 0
# %% + last
for n in range(5000):
    display({"text/plain": "x" * 1000, "image/png": "A" * 10_000}, raw=True)
