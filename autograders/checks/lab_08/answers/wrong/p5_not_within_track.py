"""What stands within a call of track is not looked at."""
# loses: check_wrong_calls
# %% wrong_calls
def wrong_calls(source, plan):
    found = []
    def look(node):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", None)) == "track":
            found.extend((node.lineno, problem) for problem in problems(*node.args))
            return
        for child in ast.iter_child_nodes(node):
            look(child)
    def problems(event, given):
        if not (isinstance(event, ast.Constant) and isinstance(event.value, str) and isinstance(given, ast.Dict)
                and all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in given.keys)):
            return ["not written out"]
        if event.value not in plan["events"]:
            return ["unplanned event"]
        known = plan["events"][event.value].get("properties") or {}
        there = {key.value for key in given.keys}
        return [f"missing {name}" for name, prop in known.items() if prop.get("required") and name not in there] + [
            f"unplanned {name}" for name in there - set(known)]
    look(ast.parse(source))
    return sorted(found)
