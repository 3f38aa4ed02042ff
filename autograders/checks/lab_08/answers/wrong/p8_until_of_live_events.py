"""`until` looked at for live events, too."""
# loses: check_orphans
# %% orphans
def orphans(plan, day):
    answered = set()
    for event in plan["events"].values():
        until = (event.get("deprecated") or {}).get("until")
        if event["status"] in ("live", "deprecated") and (
                until is None or day <= until):
            answered.update(event.get("answers") or [])
    return [question for question in plan["questions"] if question not in answered]
