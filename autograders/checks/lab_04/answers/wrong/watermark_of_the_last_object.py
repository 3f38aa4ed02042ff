"""The last object of the list, which is the oldest."""
# loses: check_watermark_never_goes_back
# %% next_watermark
def next_watermark(objects, watermark):
    return objects[-1]["created"] if objects else watermark
