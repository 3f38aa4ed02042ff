"""Keeps what is open in a global of the module, which all pipelines share and a restart forgets."""
# loses: check_incidents_are_said_once
# %% due_posts
KNOWN = {}

def due_posts(wrong, memory, now, minutes) -> tuple:
    global KNOWN
    KNOWN = KNOWN if memory else {}
    known, posts = KNOWN, []
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
        posts.append({"key": key, "status": "resolved"})
    return posts, "in KNOWN"
