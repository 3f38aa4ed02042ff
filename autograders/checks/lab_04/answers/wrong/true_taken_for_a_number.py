"""Bool is integer."""
# loses: check_nothing_is_dropped
# %% sort_out
def sort_out(payloads, columns):
    types = {"string": str, "integer": int}; rows, bad, new = [], [], set()
    for p in payloads:
        new |= set(p) - set(columns)
        wrong = [n for n, t in columns.items() if not isinstance(p.get(n), types[t])]
        if wrong: bad.append((p, f"wrong: {wrong}"))
        else: rows.append({n: p[n] for n in columns})
    return rows, bad, new
