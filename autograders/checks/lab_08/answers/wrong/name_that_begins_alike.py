"""Takes the first name that begins like it."""
# loses: check_spellings_known
# %% real_name
def real_name(name, planned):
    def bare(text):
        return text.lower().replace(" ", "").replace("_", "").replace("-", "")
    return next((each for each in planned if bare(each).startswith(bare(name)) or bare(name).startswith(bare(each))), None)
