"""A named tuple and a frozenset come back; keys are text; pandas knows the zone."""
# %% sort_out
from typing import NamedTuple

class Sorted(NamedTuple):
    rows: list
    quarantine: list
    new: frozenset

TYPES = {"string": {str}, "integer": {int}}

def sort_out(payloads, columns):
    rows, quarantine = [], []
    for payload in payloads:
        wrong = [f"{name} is missing" if name not in payload else f"{name} is {type(payload[name]).__name__}, not {wanted}"
                 for name, wanted in columns.items() if type(payload.get(name)) not in TYPES[wanted]]
        if wrong:
            quarantine.append((payload, "; ".join(wrong)))
        else:
            rows.append({name: payload[name] for name in columns})
    return Sorted(rows, quarantine, frozenset().union(*payloads) - columns.keys())
# %% holes
from collections import Counter

def holes(source, warehouse):
    left, right = Counter(source), Counter(warehouse)
    return [(day, left[day], right[day]) for day in sorted({*left, *right}) if left[day] != right[day]]
# %% day_of
import pandas as pd

def day_of(seconds, zone):
    return str(pd.Timestamp(seconds, unit="s", tz="UTC").tz_convert(zone).date())
# %% event_rows
import hashlib
from collections import namedtuple

Row = namedtuple("Row", "id version payload")

def event_rows(events):
    rows = []
    for event in events:
        payload = json.dumps(event, indent=1)
        p = event["properties"]
        parts = [p[name] for name in ("distinct_id", "time", "$insert_id")] if p.get("$insert_id") else [payload]
        digest = hashlib.sha256("|".join(map(repr, [event["event"], *parts])).encode()).hexdigest()
        rows.append(Row(digest, p.get("mp_processing_time_ms", 0), payload))
    return tuple(rows)
