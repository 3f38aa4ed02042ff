"""The zones are cut off before the times are subtracted: an hour too many or too few in the nights of the clocks."""
# loses: check_tickets_grow_louder

# %% due_posts
def due_posts(wrong, memory, now, minutes) -> tuple:
    known = json.loads(memory) if memory else {}
    posts, new = [], {}
    for key, each in wrong.items():
        if key not in known:
            posts.append({"key": key, "status": "firing", "severity": each["severity"],
                          "what": each["what"], "since": now.isoformat()})
            new[key] = {"since": now.isoformat(), "louder": False}
            continue
        state = dict(known[key])
        age = now.replace(tzinfo=None) - datetime.fromisoformat(state["since"]).replace(tzinfo=None)
        if each["severity"] == "ticket" and not state["louder"] and age >= timedelta(minutes=minutes):
            posts.append({"key": key, "status": "firing", "severity": "page",
                          "what": each["what"], "since": state["since"]})
            state["louder"] = True
        new[key] = state
    posts += [{"key": key, "status": "resolved"} for key in known if key not in wrong]
    return posts, json.dumps(new)
