"""Returns the watermark it was given."""
# loses: check_new_since
# %% new_since
def new_since(changes, watermark):
    return changes[changes["updated_at"] > watermark], watermark
