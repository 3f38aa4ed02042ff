"""The words that a name is made of, and the cases that it can be written in."""

import re

HUMPS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W\dA-Za-z_]+")
CASES = {
    "Title Case": r"[A-Z0-9][A-Za-z0-9]*( [A-Z0-9][A-Za-z0-9]*)*",
    "Sentence case": r"[A-Z0-9][A-Za-z0-9]*( ([a-z0-9]+|[A-Z0-9]+))*",
    "lower case": r"[a-z][a-z0-9]*( [a-z0-9]+)*",
    "snake_case": r"[a-z][a-z0-9]*(_[a-z0-9]+)*",
    "kebab-case": r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
    "camelCase": r"[a-z]+[a-zA-Z0-9]*",
    "PascalCase": r"[A-Z][a-zA-Z0-9]*",
    "UPPER_SNAKE": r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*",
}
IRREGULAR = set(
    "begun bought broken built caught chosen cut done drawn drunk eaten fallen felt found forgotten given gone got "
    "grown heard held hidden hit hung kept known left lent let lost made met paid put quit read reset run said seen "
    "sent set shown shut sold spent split stood stuck sung taken taught thought thrown told torn typed understood "
    "undone unset woken won worn written".split())
PARTICLES = set("up in out on off down back over again away through".split())


def words(name: str) -> list[str]:
    """In lower case: of `Order Placed`, `order_placed`, `orderPlaced` the same."""
    return [word.lower() for word in HUMPS.findall(name)]


def slug(name: str) -> str:
    return "_".join(words(name)) or "unnamed"


def in_case(name: str, case: str) -> bool:
    return re.fullmatch(CASES[case], name) is not None


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
