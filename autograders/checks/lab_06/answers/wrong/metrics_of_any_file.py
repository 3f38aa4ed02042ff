"""Takes metrics of any other file with such a list, a dashboard too."""
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
        else:
            pairs = [(m["metric_name"], m["expression"]) for m in told.get("metrics", [])]
        for name, sql in pairs:
            found.setdefault(name, set()).add(sql.strip())
    return {name: sorted(ways) for name, ways in found.items() if len(ways) > 1}
