"""Leaves out what does not fit, and tells nobody."""
# loses: check_nothing_is_dropped
# %% sort_out
def sort_out(payloads, columns) -> tuple:
    kinds = {"string": str, "integer": int}
    rows, quarantine, new = [], [], set()
    for payload in payloads:
        new |= payload.keys() - columns.keys()
        bad = [name for name, kind in columns.items()
               if not isinstance(payload.get(name), kinds[kind])]
        if bad:
            continue
        else:
            rows.append({name: payload[name] for name in columns})
    return rows, quarantine, new
