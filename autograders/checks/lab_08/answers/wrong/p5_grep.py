"""Searches lines with a regular expression: comments and texts are calls, and a call over two lines is none."""
# loses: check_wrong_calls
# %% wrong_calls
def wrong_calls(source, plan) -> list:
    import re
    problems = []
    for number, line in enumerate(source.splitlines(), 1):
        for name, sent in re.findall(r'track\("([^"]*)", \{(.*?)\}\)', line):
            keys = set(re.findall(r'"(\w+)":', sent))
            if name not in plan["events"]:
                problems.append((number, "unplanned event"))
                continue
            props = plan["events"][name].get("properties", {})
            problems += [(number, f"missing {key}") for key in props if props[key].get("required") and key not in keys]
            problems += [(number, f"unplanned {key}") for key in keys - props.keys()]
    return sorted(problems)
