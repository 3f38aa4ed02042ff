"""Takes the last line's time for the latest."""
# loses: check_new_since
# %% new_since
def new_since(changes, watermark):
    new = changes[changes["updated_at"] > watermark]
    return new, new["updated_at"].iloc[-1] if len(new) else watermark
