"""Bytes as the event are text."""
# loses: check_wrong_calls
# %% wrong_calls
def wrong_calls(source, plan):
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", None))
        if called != "track":
            continue
        event, given = node.args
        written = (isinstance(event, ast.Constant) and isinstance(event.value, (str, bytes))
                   and isinstance(given, ast.Dict)
                   and all(isinstance(key, ast.Constant) and isinstance(key.value, str)
                           for key in given.keys))
        if not written:
            found.append((node.lineno, "not written out"))
            continue
        if event.value not in plan["events"]:
            found.append((node.lineno, "unplanned event"))
            continue
        known = plan["events"][event.value].get("properties") or {}
        there = {key.value for key in given.keys}
        for name, prop in known.items():
            if prop.get("required") and name not in there:
                found.append((node.lineno, f"missing {name}"))
        for name in there - set(known):
            found.append((node.lineno, f"unplanned {name}"))
    return sorted(found)
