"""Compares in lower case, and keeps _ and -."""
# loses: check_spellings_known
# %% real_name
def real_name(name, planned):
    def bare(text):
        return text.lower()
    return {bare(each): each for each in planned}.get(bare(name))
