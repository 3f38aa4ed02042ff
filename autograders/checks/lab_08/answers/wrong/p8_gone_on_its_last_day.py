"""Ends an event on its last day instead of after it."""
# loses: check_orphans
# %% orphans
def orphans(plan, day) -> list:
    def is_sent(event):
        if event["status"] == "deprecated":
            return day < event.get("deprecated", {}).get("until", "9999-12-31")
        return event["status"] == "live"

    answered = {question for event in plan["events"].values() if is_sent(event)
                for question in event.get("answers") or []}
    return [question for question in plan["questions"] if question not in answered]
