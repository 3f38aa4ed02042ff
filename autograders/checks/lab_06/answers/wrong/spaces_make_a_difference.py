"""Spaces at the ends count."""
# loses: check_one_name_one_definition
# %% defined_twice
def defined_twice(files):
    found = {}
    for path, text in files.items():
        told = yaml.safe_load(text)
        if path.startswith("charts/"):
            for m in [*told["params"].get("metrics", []), told["params"].get("metric")]:
                if isinstance(m, dict):
                    found.setdefault(m["label"], set()).add(m["sqlExpression"])
        elif path.startswith("datasets/"):
            for m in told["metrics"]:
                found.setdefault(m["metric_name"], set()).add(m["expression"])
    return {name: sorted(ways) for name, ways in found.items() if len(ways) > 1}
