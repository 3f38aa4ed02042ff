"""Asks question by question."""
# %% orphans
def orphans(plan, day) -> list:
    found = []
    for question in plan["questions"]:
        for event in plan["events"].values():
            gone = event.get("deprecated") or {}
            sent = event["status"] == "live" or (
                event["status"] == "deprecated" and not ("until" in gone and gone["until"] < day))
            if sent and question in (event.get("answers") or ()):
                break
        else:
            found.append(question)
    return found
