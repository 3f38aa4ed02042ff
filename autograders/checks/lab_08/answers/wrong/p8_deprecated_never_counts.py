"""Takes a deprecated event for one that is no longer sent."""
# loses: check_orphans
# %% orphans
def orphans(plan, day) -> list:
    answered = {question for event in plan["events"].values() if event["status"] == "live"
                for question in event.get("answers") or []}
    return [question for question in plan["questions"] if question not in answered]
