"""Notes new fields, and takes the columns for new ones, too."""
# loses: check_drift_is_recorded
# %% sort_out
def sort_out(payloads, columns) -> tuple:
    kinds = {"string": str, "integer": int}
    rows, quarantine, new = [], [], set()
    for payload in payloads:
        new |= set(payload)
        bad = [name for name, kind in columns.items()
               if type(payload.get(name)) is not kinds[kind]]
        if bad:
            quarantine.append((payload, f"missing, or of another type: {', '.join(bad)}"))
        else:
            rows.append({name: payload[name] for name in columns})
    return rows, quarantine, new
