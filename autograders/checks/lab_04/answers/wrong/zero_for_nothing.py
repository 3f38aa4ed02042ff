"""Zero for nothing."""
# loses: check_watermark_never_goes_back
# %% next_watermark
def next_watermark(objects, watermark):
    return max([o["created"] for o in objects] + [watermark or 0])
