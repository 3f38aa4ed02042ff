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
# %% distinct_events
import json

def distinct_events(events):
    first = {}
    for n, event in enumerate(events):
        p = event["properties"]
        key = n if "$insert_id" not in p else json.dumps([event["event"], p["distinct_id"], p["time"], p["$insert_id"]])
        first.setdefault(key, event)
    return list(first.values())
# %% day_of
import pandas as pd

def day_of(seconds, zone):
    return str(pd.Timestamp(seconds, unit="s", tz="UTC").tz_convert(zone).date())
