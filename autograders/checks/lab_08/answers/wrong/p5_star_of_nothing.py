"""Writes a star also where no argument follows: Python does not read it."""
# loses: check_signature
# %% signature
def signature(name, event) -> str:
    parts = [f"{key}: {annotation(prop)}" if prop.get("required") else f"{key}: {annotation(prop)} | None = None"
             for key, prop in event.get("properties", {}).items()]
    return f"def {name.lower().replace(' ', '_')}(send, *, {', '.join(parts)}) -> None:"
