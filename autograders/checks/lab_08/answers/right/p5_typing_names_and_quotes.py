"""Optional and Union from typing, names in quotes; the signature in another order; a visitor of the source."""
# %% annotation
def annotation(prop) -> str:
    if prop.get("values") is not None:
        text = "Literal[" + ",".join(repr(value) for value in reversed(prop["values"])) + "]"
    elif prop["type"] == "array":
        text = "typing.List[" + annotation(prop["items"]) + "]"
    else:
        names = {"integer": "int", "number": "float", "boolean": "bool", "string": '"str"'}
        text = names.get(prop["type"], "str")
    return "Optional[" + text + "]" if prop.get("nullable", False) else text
# %% signature
def signature(name, event) -> str:
    properties = event["properties"] if "properties" in event else {}
    parts = []
    for key in sorted(properties, key=lambda key: not properties[key].get("required", False)):
        kind = annotation(properties[key])
        parts.append(f"{key}:{kind}" if properties[key].get("required") else f"{key}:Union[None, {kind}]=None")
    star = ", *, " if parts else ""
    return "def " + "_".join(word.lower() for word in name.split()) + "(send" + star + ", ".join(parts) + ")->None:"
# %% wrong_calls
def wrong_calls(source, plan) -> list:
    found = []

    class Calls(ast.NodeVisitor):
        def visit_Call(self, node):
            self.generic_visit(node)
            is_track = (isinstance(node.func, ast.Name) and node.func.id == "track"
                        or isinstance(node.func, ast.Attribute) and node.func.attr == "track")
            if is_track:
                found.extend([node.lineno, problem] for problem in self.problems(*node.args))

        def problems(self, event, properties):
            texts = [event] + (properties.keys if type(properties) is ast.Dict else [event, None])
            if any(type(text) is not ast.Constant or type(text.value) is not str for text in texts):
                return ["not written out"]
            if event.value not in plan["events"]:
                return ["unplanned event"]
            planned = plan["events"][event.value].get("properties") or {}
            sent = [key.value for key in properties.keys]
            return ([f"missing {key}" for key, prop in planned.items() if prop.get("required") and key not in sent]
                    + [f"unplanned {key}" for key in sent if key not in planned])

    Calls().visit(ast.parse(source))
    return sorted(found)
