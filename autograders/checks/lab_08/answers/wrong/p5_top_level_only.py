"""Looks at statements of the module alone, not at calls within functions."""
# loses: check_wrong_calls
# %% wrong_calls
def wrong_calls(source, plan) -> list:
    problems = []
    for statement in ast.parse(source).body:
        call = getattr(statement, "value", None)
        if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("track"):
            continue
        nodes = [call.args[0], *getattr(call.args[1], "keys", [None])]
        name, *keys = texts = [getattr(node, "value", None) for node in nodes]
        if not all(isinstance(text, str) for text in texts):
            problems.append((call.lineno, "not written out"))
        elif name not in plan["events"]:
            problems.append((call.lineno, "unplanned event"))
        else:
            props = plan["events"][name].get("properties", {})
            due = {key for key, prop in props.items() if prop.get("required")}
            problems += [(call.lineno, f"missing {key}") for key in due - {*keys}]
            problems += [(call.lineno, f"unplanned {key}") for key in {*keys} - props.keys()]
    return sorted(problems)
