"""Memory is lines of words: a key with a space is another."""
# loses: check_incidents_are_said_once
# %% due_posts
def due_posts(wrong, memory, now, minutes) -> tuple:
    known = {line.split(" ")[0]: [line.split(" ")[1], line.split(" ")[2] == "1"] for line in memory.splitlines()}
    posts, kept = [], {}
    for key, each in wrong.items():
        if key not in known:
            since, loud = now.isoformat(), each["severity"] == "page"
            posts.append({"key": key, "status": "firing", "severity": each["severity"], "what": each["what"], "since": since})
        else:
            since, loud = known[key]
            age = now.astimezone(UTC) - datetime.fromisoformat(since).astimezone(UTC)
            if not loud and age >= timedelta(minutes=minutes):
                loud = True
                posts.append({"key": key, "status": "firing", "severity": "page", "what": each["what"], "since": since})
        kept[key] = [since, loud]
    posts += [{"key": key, "status": "resolved"} for key in known if key not in wrong]
    return posts, "\n".join(f"{key} {since} {int(loud)}" for key, (since, loud) in kept.items())
