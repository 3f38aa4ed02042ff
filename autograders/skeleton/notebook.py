# %% [markdown]
# # Lab <n> · <title>
#
# <question>
#
# You will compute a **share** that finance can trust. This page is the smallest lab that works: one question, its answer, its check. Put yours in its place.
#
# *<minutes> minutes · no internet needed*

# %%
from autograders.checks import lab_NN as check

plans = {"basic": 1, "family": 2}  # households that changed to a plan this week
plans

# %% [markdown]
# ## 1 · A share
#
# Of three households that changed their plan, two took *family*: a **share** of 66.7 per cent. In a week without any change there is nothing to divide by.
#
# Write `share`: which part of a whole is it, in per cent?
#
# <details><summary>Hint</summary><code>round(66.666, 1)</code> is 66.7.</details>

# %% nbgrader={"grade": false, "grade_id": "share", "locked": false, "schema_version": 3, "solution": true, "task": false}
def share(part: int, whole: int) -> float:
    """`part` in per cent of `whole`, rounded to one decimal: share(2, 3) is 66.7. If `whole` is 0, the share is 0.0."""
    ### BEGIN SOLUTION
    return round(100 * part / whole, 1) if whole else 0.0
    ### END SOLUTION

share(plans["family"], sum(plans.values()))

# %% [markdown]
# The check asks about other numbers, and about a whole of 0.

# %% nbgrader={"grade": true, "grade_id": "check_share", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check.share(share)

# %% [markdown]
# ## What you did
#
# - You computed a **share**, also where there is nothing to divide by.
#
# Which figure of your last report would an empty week have broken?
