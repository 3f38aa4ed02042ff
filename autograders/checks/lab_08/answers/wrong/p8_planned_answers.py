"""Counts an event that is only planned."""
# loses: check_orphans
# %% orphans
def orphans(plan, day) -> list:
    answered = {question for event in plan["events"].values()
                if event.get("deprecated", {}).get("until", day) >= day for question in event.get("answers") or []}
    return [question for question in plan["questions"] if question not in answered]
