"""One line of 30 MB, on every stream there is."""
# loses: check_bill_cents
# %% + first
import os, sys
print("x" * 30_000_000)
print("y" * 30_000_000, file=sys.stderr)
for handle in (1, 2):
    os.write(handle, b"z" * 30_000_000)
"w" * 30_000_000
# %% bill_cents
def bill_cents(plan, dishes):
    print("x" * 30_000_000)
    return 0
