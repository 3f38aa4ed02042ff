"""expand[]: an object in the place of its id, along a path of names."""

from environments.saas.stripe.errors import not_served
from environments.saas.stripe.filters import ENDED
from environments.saas.stripe.params import listed
from environments.saas.stripe.shapes import of_list
from environments.saas.stripe.store import Store

# Lists inside an object: the kind of what is in them, and what refers to the object; neither where Teaspoon has none.
INSIDE: dict[str, dict[str, tuple[str, ...]]] = {"charge": {"refunds": ("refund", "charge")},
          "customer": {"subscriptions": ("subscription", "customer"), "sources": (), "tax_ids": ()}}


def paths(params: dict, of_list: bool) -> list[list[str]]:
    """What a request wants expanded, which has been checked; of a list, what is below `data`."""
    found = [path.split(".") for path in listed(params.get("expand"))]
    return [path[1:] for path in found] if of_list else found


def expanded(store: Store, shown: dict, wanted: list[list[str]]) -> dict:
    """The object with other objects in it. Raises StripeError where one is of a kind that the simulator has not."""
    for path in wanted:
        if path:
            _expand(store, shown, path)
    return shown


def _expand(store: Store, shown: dict, path: list[str]) -> None:
    name, rest = path[0], path[1:]
    if name in (inside := INSIDE.get(str(shown.get("object")), {})) and name not in shown and not shown.get("deleted"):
        shown[name] = _list_inside(store, shown, name, inside[name])
    value = shown.get(name)
    if isinstance(value, str):
        if value not in store.kind:
            raise not_served(f"expand[] of the {name}", f"a {shown.get('object', 'hash')}", "expand")
        value = shown[name] = store.shown(value)
    if rest and isinstance(value, dict):
        _expand(store, value, rest)
    for item in value if isinstance(value, list) else []:
        if rest and isinstance(item, dict):
            _expand(store, item, rest)


def _list_inside(store: Store, shown: dict, name: str, refers: tuple) -> dict:
    rows = store.positions(refers[0], refers[1], shown["id"]) if refers else []
    ids = [store.ids[refers[0]][row] for row in reversed(rows)]
    data = [store.shown(id) for id in ids if store.values[id].get("status") not in ENDED]
    return of_list(data[:10], f"/v1/{shown['object']}s/{shown['id']}/{name}", len(data) > 10)
