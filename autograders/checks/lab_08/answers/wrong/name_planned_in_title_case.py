"""Only the name is made plain; planned ones are taken to be Title Case"""
# loses: check_spellings_known
# %% real_name
def real_name(name, planned):
    plain = name.lower().replace(" ", "").replace("_", "").replace("-", "")
    known = {each.lower().replace(" ", ""): each for each in planned}
    return known.get(plain)
