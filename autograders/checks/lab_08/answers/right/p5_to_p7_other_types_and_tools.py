"""Named pairs, a StrEnum's members, numpy's numbers, SQL, periods of pandas, values that are tried, and dicts of their own kind."""
# %% wrong_calls
from typing import NamedTuple
import collections

class Found(NamedTuple):
    line: int
    problem: str

def wrong_calls(source, plan):
    found, queue = [], collections.deque([ast.parse(source)])
    while queue:
        node = queue.popleft()
        queue.extend(ast.iter_child_nodes(node))
        if type(node) is ast.Call and ast.unparse(node.func).split(".")[-1] == "track":
            found += [Found(node.lineno, problem) for problem in problems_of(*map(ast.unparse, node.args), plan)]
    return sorted(found)

def problems_of(event, given, plan):
    try:
        name = ast.literal_eval(event)
    except ValueError:
        name = None
    tree = ast.parse(given, mode="eval").body
    if not isinstance(name, str) or not isinstance(tree, ast.Dict) or not all(
            key and isinstance(getattr(key, "value", None), str) for key in tree.keys):
        return ["not written out"]
    if name not in plan["events"]:
        return ["unplanned event"]
    own, there = plan["events"][name].get("properties") or {}, {key.value for key in tree.keys}
    due = {key for key, prop in own.items() if prop.get("required")}
    return [f"missing {key}" for key in due - there] + [f"unplanned {key}" for key in there - own.keys()]

# %% level
from enum import StrEnum
from math import inf

class Level(StrEnum):
    MODEL = "MODEL"
    REVISION = "REVISION"
    ADDITION = "ADDITION"
    NONE = ""

def rows(old, new):
    if not old or not new:
        there = old or new
        if there:
            yield Level.MODEL if there.get("required") else Level.REVISION if old else Level.ADDITION
        return
    if old["type"] != new["type"] or bool(new.get("required")) > bool(old.get("required")):
        yield Level.MODEL
    if bool(new.get("required")) < bool(old.get("required")):
        yield Level.ADDITION
    before, after = (None if each.get("values") is None else frozenset(each["values"]) for each in (old, new))
    if before != after:
        if before is None or after is not None and before - after:
            yield Level.REVISION
        else:
            yield Level.ADDITION
    for bound, sign, none in (("minimum", 1, -inf), ("maximum", -1, -inf)):
        low, high = (sign * each[bound] if each.get(bound) is not None else none for each in (old, new))
        if low < high:
            yield Level.REVISION
        if low > high:
            yield Level.ADDITION

def level(old, new):
    return min(rows(old, new), key=list(Level).index, default=Level.NONE)

# %% accepted_trigger
import numpy as np

def accepted_trigger(happened, received):
    once = pd.DataFrame(received, columns=["id", "key"]).drop_duplicates("id")
    keys, many = np.unique(once["key"].to_numpy(), return_counts=True)
    known = np.array(happened, dtype=keys.dtype if len(keys) else int)
    return {"missing": list(np.setdiff1d(known, keys)),
            "twice": list(np.intersect1d(keys[many > 1], known)),
            "untrue": list(np.setdiff1d(keys, known))}

# %% compatible
import math

ABSENT = object()

def accepts(prop, value):
    if prop is None:
        return value is ABSENT
    if value is ABSENT:
        return not prop.get("required")
    kinds = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}
    if not isinstance(value, kinds[prop["type"]]) or (
            isinstance(value, bool) and prop["type"] != "boolean"):
        return False
    if prop.get("values") is not None:
        return value in prop["values"]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return prop.get("minimum", -math.inf) <= value <= prop.get("maximum", math.inf)
    return True

def compatible(old, new):
    tried = [ABSENT, "", "something that nobody plans", True, False, 10**15, -10**15, 1e15 + 0.5, -1e15 - 0.5]
    for prop in (old or {}, new or {}):
        tried += prop.get("values") or []
        for bound in (prop.get("minimum"), prop.get("maximum")):
            if bound is not None:
                whole = [math.floor(bound), math.ceil(bound)]
                tried += [bound, bound - 0.25, bound + 0.25, *whole, *(w + s for w in whole for s in (-1, 1))]
    tried = tried + [int(v) for v in tried if isinstance(v, float) and v == int(v)]
    before = [accepts(old, value) for value in tried]
    after = [accepts(new, value) for value in tried]
    return {(True, True): "full", (True, False): "backward", (False, True): "forward"}.get(
        (all(b <= a for b, a in zip(before, after)), all(a <= b for b, a in zip(before, after))), "none")

# %% gate
import sqlite3

def gate(old, new):
    base = sqlite3.connect(":memory:")
    base.execute("create table e (plan, name, status)")
    base.execute("create table p (plan, event, name, type, required)")
    for which, plan in (("old", old), ("new", new)):
        for name, event in plan["events"].items():
            base.execute("insert into e values (?, ?, ?)", (which, name, event.get("status") or "live"))
            base.executemany("insert into p values (?, ?, ?, ?, ?)", [
                (which, name, key, prop["type"], bool(prop.get("required")))
                for key, prop in (event.get("properties") or {}).items()])
    found = base.execute("""
        with o as (select * from p where plan = 'old'), n as (select * from p where plan = 'new'),
             oe as (select * from e where plan = 'old'), ne as (select * from e where plan = 'new')
        select name, null, 'event gone' from oe
            where status <> 'planned' and name not in (select name from ne)
        union all select n.event, n.name, 'required property new' from n join oe on oe.name = n.event
            left join o on o.event = n.event and o.name = n.name where o.name is null and n.required
        union all select o.event, o.name, 'required property gone' from o join ne on ne.name = o.event
            left join n on o.event = n.event and o.name = n.name where n.name is null and o.required
        union all select n.event, n.name, 'now required' from n
            join o on o.event = n.event and o.name = n.name where n.required > o.required
        union all select n.event, n.name, 'other type' from n
            join o on o.event = n.event and o.name = n.name where n.type <> o.type
    """).fetchall() if int(new["version"].split("-")[0]) <= int(old["version"].split("-")[0]) else []
    return sorted((pointer("events", event) if key is None else
                   pointer("events", event, "properties", key), why) for event, key, why in found)

# %% may_stay
import sqlite3

def may_stay(records, requests):
    base = sqlite3.connect(":memory:")
    base.execute("create table record (n, user, device, at)")
    base.execute("create table request (user, kind, at)")
    base.executemany("insert into record values (?, ?, ?, ?)", (
        (n, each["user_id"], each["device_id"], each["time_ms"]) for n, each in enumerate(records)))
    base.executemany("insert into request values (:user_id, :kind, :time_ms)", requests)
    return [records[n] for (n,) in base.execute("""
        select n from record where not exists (
            select 1 from request where (kind = 'deletion' or record.at >= request.at) and (
                request.user = record.user or record.user is null and exists (
                    select 1 from record as other
                    where other.device = record.device and other.user = request.user)))
        order by n""")]

# %% due_months
def due_months(now, first, done):
    last = pd.Timestamp(now).tz_convert("America/New_York").tz_localize(None) - pd.Timedelta(days=2)
    ran = frozenset(done)
    return [str(month) for month in pd.period_range(first, last.to_period("M") - 1, freq="M")
            if str(month) not in ran]

# %% migrated
from collections import OrderedDict
from copy import deepcopy
from functools import reduce

def numbers(version):
    return [*map(int, version.split("-"))]

def one_step(record, step):
    if record["event"] != step["event"]:
        return record
    renamed = step.get("rename") or {}
    own = OrderedDict((renamed.get(key, key), value) for key, value in record["properties"].items())
    for key, mapping in (step.get("values") or {}).items():
        if key in own:
            pairs = [new for before, new in mapping.items() if before == own[key]]
            own[key] = pairs[0] if pairs else own[key]
    own = OrderedDict(deepcopy(step.get("default") or {})) | own
    return {**record, "properties": own, "event": step.get("name", record["event"])}

def migrated(record, steps):
    newer = [step for step in steps if numbers(record["version"]) < numbers(step["to"])]
    made = reduce(one_step, newer, deepcopy(record))
    return OrderedDict(made, version=newer[-1]["to"] if newer else record["version"])

# %% ticket
def ticket(plan, name):
    frame = {}
    for part in (plan.get("common"), plan["events"][name].get("properties")):
        for key, prop in (part or {}).items():
            frame.pop(key, None)
            frame[key] = prop
    said = json.loads(json.dumps(plan["events"][name]))
    class Out(dict):
        pass
    return Out(title=f"Track {name}", owner=said.get("owner") or plan.get("owner"), when=said["trigger"]["when"],
               once_per=said["trigger"]["once_per"],
               places=tuple(sorted(f"{k}: {v}" for k, v in said["trigger"]["where"].items())),
               example=Out((k, p["example"]) for k, p in frame.items() if p.get("required") and "deprecated" not in p),
               careful=tuple(sorted(k for k, p in frame.items() if p.get("personal_data") in {"personal", "sensitive"} and "deprecated" not in p)))

# %% raised
def raised(version, levels):
    rank = {"MODEL": 0, "REVISION": 1, "ADDITION": 2, "": 3}
    *numbers, _ = [*map(int, version.split("-")), 0]
    at = min((rank[each] for each in levels), default=3)
    return "{}-{}-{}".format(*(n + (k == at) if k <= at else 0 for k, n in enumerate(numbers)))
