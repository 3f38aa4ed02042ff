"""The other way round."""
# loses: check_silent_households
# %% silent_households
def silent_households(orders, households):
    return sorted(set(households["household_id"]) & set(orders["household_id"]))
