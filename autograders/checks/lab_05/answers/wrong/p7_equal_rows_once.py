"""Equal rows are there once."""
# loses: check_both_names_for_a_while
# %% both_names
def both_names(text, old, new) -> str:
    return f'select distinct *, {old} as {new} from (\n{text}\n) as model'
