"""Says nothing: no false alarm, and no incident."""
# loses: check_rules_find_all, check_rules_are_quiet, check_rules_let_sleep
# %% rules
def rules(now, seen, raised) -> list:
    return []
