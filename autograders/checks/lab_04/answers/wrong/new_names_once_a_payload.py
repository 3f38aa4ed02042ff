"""Notes a new name as often as it comes: a list, no set."""
# loses: check_drift_is_recorded
# %% sort_out
def sort_out(payloads, columns):
    types = {"string": str, "integer": int}
    rows, quarantine, new = [], [], []
    for payload in payloads:
        new += [name for name in payload if name not in columns]
        bad = [name for name, kind in columns.items() if type(payload.get(name)) is not types[kind]]
        if bad:
            quarantine.append((payload, f"missing or of another type: {', '.join(bad)}"))
        else:
            rows.append({name: payload[name] for name in columns})
    return rows, quarantine, new
