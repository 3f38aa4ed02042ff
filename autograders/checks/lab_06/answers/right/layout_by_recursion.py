"""From the root down."""
# %% layout
def layout(rows):
    tree = {}
    def grow(kind, key, children, above, meta=None):
        part = dict(type=kind, id=key, children=[name for _, name, *_ in children], parents=list(above))
        if meta:
            part["meta"] = meta
        tree[key] = part
        for child_kind, name, grandchildren, child_meta in children:
            grow(child_kind, name, grandchildren, [*above, key], child_meta)
    parts = []
    for number, row in enumerate(rows):
        shown = [("CHART", "CHART-%d" % chart, [],
                  dict(chartId=chart, sliceName=title, width=int(12 / len(row)), height=50)) for chart, title in row]
        parts.append(("ROW", "ROW-%d" % (number + 1), shown, dict(background="BACKGROUND_TRANSPARENT")))
    grow("ROOT", "ROOT_ID", [("GRID", "GRID_ID", parts, None)], [])
    return tree | {"DASHBOARD_VERSION_KEY": "v2"}
