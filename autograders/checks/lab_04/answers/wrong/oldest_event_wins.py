"""Each event overwrites the one before, and the oldest comes last."""
# loses: check_newest_version_wins
# %% newest_versions
def newest_versions(events, kind) -> dict:
    return {event["data"]["object"]["id"]: event["data"]["object"] for event in events if event["data"]["object"]["object"] == kind}
