"""A night without news loses the watermark."""
# loses: check_new_since
# %% new_since
def new_since(changes, watermark):
    new = changes[changes["updated_at"] > watermark]
    return new, new["updated_at"].max()
