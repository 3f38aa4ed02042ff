"""The memory keeps whole seconds."""
# loses: check_tickets_grow_louder
# %% due_posts
def due_posts(wrong, memory, now, minutes) -> tuple:
    known = json.loads(memory or "{}")
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
        kept[key] = [datetime.fromisoformat(since).replace(microsecond=0).isoformat(), loud]
    posts += [{"key": key, "status": "resolved"} for key in known if key not in wrong]
    return posts, json.dumps(kept)
