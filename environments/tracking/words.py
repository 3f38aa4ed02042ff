"""The words that a name is made of, and the cases that it can be written in."""

SEPARATORS = {"Title Case": " ", "Sentence case": " ", "lower case": " ", "snake_case": "_", "kebab-case": "-",
              "camelCase": "", "PascalCase": "", "UPPER_SNAKE": "_"}
CASES = tuple(SEPARATORS)
IRREGULAR = set(
    "begun bought broken built caught chosen cut done drawn drunk eaten fallen felt found forgotten given gone got "
    "grown heard held hidden hit hung kept known left lent let lost made met paid put quit read reset run said seen "
    "sent set shown shut sold spent split stood stuck sung taken taught thought thrown told torn typed understood "
    "undone unset woken won worn written".split())
PARTICLES = set("up in out on off down back over again away through".split())


def words(name: str) -> list[str]:
    """In lower case: of `Order Placed`, `order_placed`, `orderPlaced` the same."""
    spaced = ""
    for before, here, after in zip(f" {name}", name, f"{name[1:]} ", strict=False):
        hump = here.isupper() and (before.islower() or before.isupper() and after.islower())
        number = before.isalnum() and here.isalnum() and before.isdigit() != here.isdigit()
        spaced += (" " if hump or number else "") + (here if here.isalnum() else " ")
    return spaced.lower().split()


def slug(name: str) -> str:
    return "_".join(words(name)) or "unnamed"


def in_case(name: str, case: str) -> bool:
    """Letters of a script without cases are in every case."""
    separator = SEPARATORS[case]
    parts = name.split(separator) if separator else [name]
    if not all(part.isalnum() for part in parts):
        return False
    first = parts[0][0]
    if case == "Title Case":
        return not any(part[0].islower() for part in parts)
    if case == "Sentence case":
        return not first.islower() and all(part in (part.lower(), part.upper()) for part in parts[1:])
    if case in ("camelCase", "PascalCase"):
        return not (first.isupper() if case == "camelCase" else first.islower())
    small = case != "UPPER_SNAKE"
    return not first.isdigit() and all(part == (part.lower() if small else part.upper()) for part in parts)


def written(name: str, case: str) -> str:
    """The same words in another case."""
    parts = words(name)
    capitals = [part.capitalize() for part in parts]
    return {
        "Title Case": " ".join(capitals), "Sentence case": " ".join(parts).capitalize(), "lower case": " ".join(parts),
        "snake_case": "_".join(parts), "kebab-case": "-".join(parts), "PascalCase": "".join(capitals),
        "camelCase": "".join([*parts[:1], *capitals[1:]]), "UPPER_SNAKE": "_".join(parts).upper()}[case]


def is_past(action: str) -> bool:
    return action.endswith("ed") or action in IRREGULAR
