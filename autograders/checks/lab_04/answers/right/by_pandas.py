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
