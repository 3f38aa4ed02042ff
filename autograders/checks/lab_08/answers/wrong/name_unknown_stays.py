"""Gives a strange name back as it is."""
# loses: check_spellings_known
# %% real_name
def real_name(name, planned):
    def bare(text):
        return text.lower().replace(" ", "").replace("_", "").replace("-", "")
    return {bare(each): each for each in planned}.get(bare(name), name)
