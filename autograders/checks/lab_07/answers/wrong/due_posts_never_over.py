"""Forgets to say that an incident is over."""
# loses: check_incidents_are_said_once, check_tickets_grow_louder
# %% due_posts
def due_posts(wrong, memory, now, minutes) -> tuple:
    known, posts = json.loads(memory or "{}"), []
    for key, said in wrong.items():
        if key not in known:
            known[key] = {"since": now.isoformat(), "severity": said["severity"]}
            posts.append({"key": key, "status": "firing", **said, **known[key]})
        age = now - datetime.fromisoformat(known[key]["since"])
        if known[key]["severity"] == "ticket" and age >= timedelta(minutes=minutes):
            known[key]["severity"] = "page"
            posts.append({"key": key, "status": "firing", **said, **known[key]})
    for key in set(known) - set(wrong):
        del known[key]
    return posts, json.dumps(known)
