"""Leaves out what datasets define."""
# loses: check_one_name_one_definition
# %% defined_twice
def defined_twice(files):
    found = {}
    for path, text in files.items():
        told = yaml.safe_load(text)
        made = []
        if path.startswith("charts/"):
            made = [(m["label"], m["sqlExpression"]) for m in
                    [*told["params"].get("metrics", []), told["params"].get("metric")] if isinstance(m, dict)]
        for name, sql in made:
            found.setdefault(name, set()).add(sql.strip())
    return {name: sorted(ways) for name, ways in found.items() if len(ways) > 1}
