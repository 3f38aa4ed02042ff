"""Goes on in the line of the last comment."""
# loses: check_both_names_for_a_while
# %% both_names
def both_names(text, old, new) -> str:
    return f"with before as ({text}) select *, {old} as {new} from before"
