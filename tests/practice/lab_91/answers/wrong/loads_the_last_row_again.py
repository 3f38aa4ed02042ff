"""Not before the watermark, in place of after it."""
# loses: check_new_since
# %% new_since
def new_since(changes, watermark):
    new = changes[changes["updated_at"] >= watermark]
    return new, new["updated_at"].max() if len(new) else watermark
