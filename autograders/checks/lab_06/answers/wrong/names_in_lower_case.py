"""Strips and lowers names."""
# loses: check_one_name_one_definition
# %% defined_twice
def defined_twice(files):
    found = {}
    for path, text in files.items():
        told = yaml.safe_load(text)
        if path.startswith("charts/"):
            params = told["params"]
            listed = list(params.get("metrics") or [])
            if params.get("metric") is not None:
                listed.append(params["metric"])
            pairs = [(m["label"], m["sqlExpression"]) for m in listed if isinstance(m, dict)]
        elif path.startswith("datasets/"):
            pairs = [(m["metric_name"], m["expression"]) for m in told["metrics"]]
        else:
            continue
        for name, sql in pairs:
            found.setdefault(name.lower(), set()).add(sql.strip())
    return {name: sorted(ways) for name, ways in found.items() if len(ways) > 1}
