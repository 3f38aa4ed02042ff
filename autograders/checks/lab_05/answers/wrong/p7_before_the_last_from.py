"""Puts the new column before the last `from ` of the text, also one in a comment."""
# loses: check_both_names_for_a_while
# %% both_names
def both_names(text, old, new):
    head, sep, rest = text.rpartition("from ")
    return head.rstrip() + f", {old} as {new}\n" + sep + rest
