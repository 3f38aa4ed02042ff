"""pandas for whatever has days and hours in it."""
# %% day_of
def day_of(seconds, zone) -> str:
    import pandas as pd
    return pd.Timestamp(seconds, unit="s", tz="UTC").tz_convert(zone).strftime("%Y-%m-%d")
# %% upload_window
def upload_window(loaded, now):
    import pandas as pd
    start = pd.Timestamp(loaded).tz_convert("UTC").floor("h") - pd.Timedelta(hours=2)
    last = pd.Timestamp(now).tz_convert("UTC").floor("h") - pd.Timedelta(hours=1)
    if last < start:
        return None
    last = min(last, start + pd.Timedelta(days=365, hours=-1))
    return [start.strftime("%Y%m%dT%H"), last.strftime("%Y%m%dT%H")]
# %% holes
def holes(source, warehouse) -> list:
    import pandas as pd
    both = pd.DataFrame({"source": pd.Series(source, dtype=float), "warehouse": pd.Series(warehouse, dtype=float)}).fillna(0)
    both = both[both.source != both.warehouse].astype(int).sort_index()
    return list(both.itertuples(name=None))
# %% next_watermark
def next_watermark(objects, watermark):
    if not objects:
        return watermark
    newest = sorted(objects, key=lambda one: one["created"])[-1]["created"]
    return newest if watermark is None else max(newest, watermark)
# %% event_rows
def event_rows(events) -> list:
    import pandas as pd
    flat = pd.json_normalize(events)
    for name in ("properties.$insert_id", "properties.mp_processing_time_ms"):
        flat[name] = flat[name] if name in flat else None
    whole = pd.Series([json.dumps(one) for one in events])
    four = flat[["event", "properties.distinct_id", "properties.time", "properties.$insert_id"]].astype(str).agg("\t".join, axis=1)
    ids = four.where(flat["properties.$insert_id"].notna(), whole)
    versions = pd.to_numeric(flat["properties.mp_processing_time_ms"]).fillna(0).astype("int64")
    return list(zip(ids.tolist(), versions.tolist(), whole.tolist()))
# %% load_days
def load_days(position, first, last, look_back, read, load) -> None:
    import pandas as pd
    start = first if position is None else max(first, position - timedelta(days=look_back))
    for day in pd.date_range(start, last):
        load(read(day.date()), day.date() if position is None else max(position, day.date()))
