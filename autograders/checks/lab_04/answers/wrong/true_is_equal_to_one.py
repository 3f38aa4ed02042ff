"""Takes out of the good ones what is equal to a bad one: True equals 1."""
# loses: check_nothing_is_dropped
# %% sort_out
def sort_out(payloads, columns):
    types = {"string": str, "integer": int}
    quarantine = []
    for payload in payloads:
        for name, kind in columns.items():
            if type(payload.get(name)) is not types[kind]:
                quarantine.append((payload, f"{name} is no {kind}"))
                break
    bad = [payload for payload, _ in quarantine]
    rows = [{name: payload[name] for name in columns} for payload in payloads if payload not in bad]
    return rows, quarantine, {name for payload in payloads for name in payload} - set(columns)
