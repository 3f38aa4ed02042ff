"""New names only of payloads that were loaded."""
# loses: check_drift_is_recorded
# %% sort_out
def sort_out(payloads, columns):
    rows, bad, new, types = [], [], set(), {"string": str, "integer": int}
    for p in payloads:
        wrong = [n for n, t in columns.items() if type(p.get(n)) is not types[t]]
        if wrong:
            bad.append((p, f"wrong: {wrong[0]}"))
        else:
            rows.append({n: p[n] for n in columns})
            new |= p.keys() - columns.keys()
    return rows, bad, new
