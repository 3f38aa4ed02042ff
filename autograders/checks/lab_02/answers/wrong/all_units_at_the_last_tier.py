"""All units at the amount of the last tier reached, as volume prices do."""
# loses: check_graduated
# %% graduated
def graduated(quantity, tiers):
    for up_to, amount in tiers:
        if up_to is None or quantity <= up_to:
            return quantity * amount
