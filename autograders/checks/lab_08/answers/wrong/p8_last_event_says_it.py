"""What the last event says of a question counts."""
# loses: check_orphans
# %% orphans
def orphans(plan, day):
    state = dict.fromkeys(plan["questions"], False)
    for event in plan["events"].values():
        until = (event.get("deprecated") or {}).get("until")
        alive = event["status"] == "live" or event["status"] == "deprecated" and (until is None or day <= until)
        for question in event.get("answers") or []:
            state[question] = alive
    return [question for question, alive in state.items() if not alive]
