"""Takes 5.0 for an integer."""
# loses: check_nothing_is_dropped
# %% sort_out
def sort_out(payloads, columns) -> tuple:
    def fits(value, kind):
        if kind == "string":
            return isinstance(value, str)
        return (isinstance(value, (int, float)) and not isinstance(value, bool)
                and value == int(value))

    rows, quarantine, new = [], [], set()
    for payload in payloads:
        new |= payload.keys() - columns.keys()
        bad = [name for name, kind in columns.items()
               if name not in payload or not fits(payload[name], kind)]
        if bad:
            quarantine.append((payload, f"missing or of another type: {', '.join(bad)}"))
        else:
            rows.append({name: payload[name] for name in columns})
    return rows, quarantine, new
