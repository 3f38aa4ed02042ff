"""Has the default None where the annotation does not allow it."""
# loses: check_signature
# %% signature
def signature(name, event) -> str:
    parts = [f"{key}: {annotation(prop)}{'' if prop.get('required') else ' = None'}"
             for key, prop in event.get("properties", {}).items()]
    given = ", ".join(["send", "*", *parts] if parts else ["send"])
    return f"def {name.lower().replace(' ', '_')}({given}) -> None:"
