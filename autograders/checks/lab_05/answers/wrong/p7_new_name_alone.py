"""The old name is gone."""
# loses: check_both_names_for_a_while
# %% both_names
def both_names(text, old, new) -> str:
    return f"with before as (\n{text}\n)\nselect * exclude ({old}), {old} as {new} from before"
