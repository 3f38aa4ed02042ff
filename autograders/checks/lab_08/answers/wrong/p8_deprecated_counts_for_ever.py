"""Takes a deprecated event for one that is still sent, after its last day as well."""
# loses: check_orphans
# %% orphans
def orphans(plan, day) -> list:
    answered = {question for event in plan["events"].values() if event["status"] != "planned"
                for question in event.get("answers") or []}
    return [question for question in plan["questions"] if question not in answered]
