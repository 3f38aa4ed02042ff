"""The CSV file that a test writes replaced by a pipe, a link, a folder and a file of the student's own."""
# loses: check_revenue_in
# %% + first
import os
for name in ("day.csv", "fresh.csv", "refunds.csv"):
    os.mkfifo(name)
# %% revenue_in
def revenue_in(path):
    return 3980
