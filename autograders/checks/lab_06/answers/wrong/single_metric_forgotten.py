"""Does not look at a chart's one `metric`."""
# loses: check_one_name_one_definition
# %% defined_twice
def defined_twice(files):
    found = {}
    for path, text in files.items():
        told = yaml.safe_load(text)
        made = []
        if path.startswith("charts/"):
            made = [(m["label"], m["sqlExpression"]) for m in told["params"].get("metrics", []) if isinstance(m, dict)]
        elif path.startswith("datasets/"):
            made = [(m["metric_name"], m["expression"]) for m in told["metrics"]]
        for name, sql in made:
            found.setdefault(name, set()).add(sql.strip())
    return {name: sorted(ways) for name, ways in found.items() if len(ways) > 1}
