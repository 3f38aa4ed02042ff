"""Gives every argument a default, so that a call without required ones passes."""
# loses: check_signature
# %% signature
def signature(name, event) -> str:
    given = "".join(f", {key}: {annotation({**prop, 'nullable': True})} = None"
                    for key, prop in event.get("properties", {}).items())
    star = ", *" if given else ""
    return f"def {name.lower().replace(' ', '_')}(send{star}{given}) -> None:"
