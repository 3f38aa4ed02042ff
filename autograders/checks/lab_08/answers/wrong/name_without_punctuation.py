"""All that is no letter or digit does not count, a dot as well"""
# loses: check_spellings_known
# %% real_name
def real_name(name, planned):
    import re
    plain = lambda each: re.sub(r"[\W_]+", "", each).lower()
    return next((each for each in planned if plain(each) == plain(name)), None)
