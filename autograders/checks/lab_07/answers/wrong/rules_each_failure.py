"""A page for every failed attempt, retries included."""
# loses: check_rules_find_all, check_rules_are_quiet, check_rules_let_sleep
# %% rules
def rules(now, seen, raised) -> list:
    return [{"asset": each["asset"], "severity": "page", "what": "failed"} for each in seen
            if each["status"] == "failure" and each["at"] > now - timedelta(minutes=30)]
