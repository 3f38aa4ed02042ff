"""The time on this machine's clock, not what was seen."""
# loses: check_watermark_never_goes_back
# %% next_watermark
def next_watermark(objects, watermark):
    import time
    return int(time.time()) if objects else watermark
