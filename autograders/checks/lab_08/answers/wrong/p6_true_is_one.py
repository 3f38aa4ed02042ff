"""Values of true and of 1 are compared by their equality alone."""
# loses: check_compatible
# %% compatible
def compatible(old, new):
    def takes(wide, narrow):
        if narrow is None:
            return wide is None or not wide.get("required")
        if wide is None:
            return False
        if wide.get("required") and not narrow.get("required"):
            return False
        if narrow.get("values"):
            if {wide["type"], narrow["type"]} & {"string"} and wide["type"] != narrow["type"] and not (
                    wide["type"] == "number" and narrow["type"] == "integer"
                    or wide["type"] == "integer" and narrow["type"] == "number"
                    and all(value == int(value) for value in narrow["values"])):
                return False
            return not wide.get("values") or set(narrow["values"]) <= set(wide["values"])
        if wide["type"] != narrow["type"] and (wide["type"], narrow["type"]) != ("number", "integer"):
            return False
        if wide.get("values"):
            return narrow["type"] == "boolean" and set(wide["values"]) == {True, False}
        low, high = wide.get("minimum"), wide.get("maximum")
        if low is not None and (narrow.get("minimum") is None or narrow["minimum"] < low):
            return False
        if high is not None and (narrow.get("maximum") is None or narrow["maximum"] > high):
            return False
        return True
    back, forth = takes(new, old), takes(old, new)
    return "full" if back and forth else "backward" if back else "forward" if forth else "none"
