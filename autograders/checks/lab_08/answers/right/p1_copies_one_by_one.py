"""Copies as a generator, of named tuples, by equality in buckets"""
# %% copies
from typing import NamedTuple
class Found(NamedTuple):
    id: str
    kind: str

def copies(records):
    buckets = {}
    for r in records:
        bucket = buckets.setdefault((r["device_id"], r["time_ms"]), [])
        like = [o for o in bucket if all(o[k] == r[k] for k in ("event", "user_id", "properties"))]
        if like:
            yield Found(r["id"], "duplicate" if any(o["id"] == r["id"] for o in like) else "duplicate_without_id")
        bucket.append(r)
