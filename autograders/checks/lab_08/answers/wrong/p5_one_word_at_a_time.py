"""Makes one underscore: names of three words keep a space."""
# loses: check_signature
# %% signature
def signature(name, event) -> str:
    first, rest = name.lower().split(" ", 1)
    parts = [f"{key}: {annotation(prop)}" if prop.get("required") else f"{key}: {annotation(prop)} | None = None"
             for key, prop in event.get("properties", {}).items()]
    return f"def {first}_{rest}({', '.join(['send', '*', *parts] if parts else ['send'])}) -> None:"
