"""snake_case from capitals: the second word is written small."""
# loses: check_signature
# %% signature
def signature(name, event):
    import re
    parts = []
    for key, prop in (event.get("properties") or {}).items():
        kind = annotation(prop)
        if not prop.get("required"):
            kind += ("" if prop.get("nullable") else " | None") + " = None"
        parts.append(f"{key}: {kind}")
    arguments = ", ".join(["send"] + (["*", *parts] if parts else []))
    return f"def {'_'.join(re.findall('[A-Z][a-z]*', name)).lower()}({arguments}) -> None:"
