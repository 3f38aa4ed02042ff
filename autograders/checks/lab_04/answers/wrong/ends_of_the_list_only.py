"""Looks at the first and the last object only."""
# loses: check_watermark_never_goes_back
# %% next_watermark
def next_watermark(objects, watermark):
    if not objects:
        return watermark
    newest = max(objects[0]["created"], objects[-1]["created"])
    return newest if watermark is None else max(newest, watermark)
