"""timedelta.seconds begins again each day: with a limit of more than a day no ticket ever grows louder."""
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
        age = now - datetime.fromisoformat(state["since"])
        if each["severity"] == "ticket" and not state["louder"] and age.seconds >= minutes * 60:
            posts.append({"key": key, "status": "firing", "severity": "page",
                          "what": each["what"], "since": state["since"]})
            state["louder"] = True
        new[key] = state
    posts += [{"key": key, "status": "resolved"} for key in known if key not in wrong]
    return posts, json.dumps(new)
