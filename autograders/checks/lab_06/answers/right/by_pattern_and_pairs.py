"""Files by a pattern, definitions as a set of pairs."""
# %% defined_twice
import re

def definitions(files):
    for path, text in files.items():
        if re.match(r"charts/", path):
            params = yaml.safe_load(text)["params"]
            for metric in [*(params.get("metrics") or ()), params.get("metric")]:
                match metric:
                    case {"label": label, "sqlExpression": sql}:
                        yield label, sql.strip()
        elif re.match(r"datasets/", path):
            yield from ((m["metric_name"], m["expression"].strip()) for m in yaml.safe_load(text)["metrics"])

def defined_twice(files):
    pairs = sorted(set(definitions(files)))
    names = [name for name, _ in pairs]
    return {name: [sql for other, sql in pairs if other == name] for name in names if names.count(name) > 1}
