"""Leaves out the star: arguments can be confused by their order."""
# loses: check_signature
# %% signature
def signature(name, event) -> str:
    props = sorted(event.get("properties", {}).items(), key=lambda item: not item[1].get("required"))
    parts = ["send"] + [f"{key}: {annotation(prop)}{'' if prop.get('required') else ' | None = None'}"
                        for key, prop in props]
    return f"def {name.lower().replace(' ', '_')}({', '.join(parts)}) -> None:"
