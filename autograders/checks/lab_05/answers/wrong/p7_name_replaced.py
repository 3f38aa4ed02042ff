"""Replaces the name in the text."""
# loses: check_both_names_for_a_while
# %% both_names
def both_names(text, old, new) -> str:
    return text.replace(old, f"{old}, {old} as {new}")
