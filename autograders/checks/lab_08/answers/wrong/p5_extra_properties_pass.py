"""Accepts properties that the plan does not name, as an open schema does."""
# loses: check_wrong_calls
# %% wrong_calls
def wrong_calls(source, plan) -> list:
    problems = []
    for call in ast.walk(ast.parse(source)):
        func = getattr(call, "func", None)
        if "track" not in (getattr(func, "id", ""), getattr(func, "attr", "")):
            continue
        nodes = [call.args[0], *getattr(call.args[1], "keys", [None])]
        name, *keys = texts = [getattr(node, "value", None) for node in nodes]
        if not all(isinstance(text, str) for text in texts):
            problems.append((call.lineno, "not written out"))
        elif name not in plan["events"]:
            problems.append((call.lineno, "unplanned event"))
        else:
            props = plan["events"][name].get("properties", {})
            problems += [(call.lineno, f"missing {key}") for key, prop in props.items()
                         if prop.get("required") and key not in keys]
    return sorted(problems)
