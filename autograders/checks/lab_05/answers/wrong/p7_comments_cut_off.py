"""Comments are cut off by a pattern, and texts with -- as well."""
# loses: check_both_names_for_a_while
# %% both_names
def both_names(text, old, new) -> str:
    import re
    bare = re.sub(r'--[^\n]*', '', text)
    return f'select *, {old} as {new} from (\n{bare}\n)'
