"""Takes what charge.dispute.created carries for a charge."""
# loses: check_newest_version_wins
# %% newest_versions
def newest_versions(events, kind) -> dict:
    versions = {}
    for event in events:
        if event["type"].startswith(kind):
            versions.setdefault(event["data"]["object"]["id"], event["data"]["object"])
    return versions
