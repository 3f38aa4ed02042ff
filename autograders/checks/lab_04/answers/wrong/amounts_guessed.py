"""Makes numbers of texts, and nulls of what is missing."""
# loses: check_nothing_is_dropped
# %% sort_out
def sort_out(payloads, columns) -> tuple:
    rows, quarantine, new = [], [], set()
    for payload in payloads:
        new |= payload.keys() - columns.keys()
        try:
            rows.append({name: int(payload[name]) if kind == "integer" else str(payload[name]) for name, kind in columns.items()})
        except (ValueError, KeyError, TypeError) as error:
            quarantine.append((payload, f"missing, or of another type: {', '.join(columns)}: {error}"))
    return rows, quarantine, new
