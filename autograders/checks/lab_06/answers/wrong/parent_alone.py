"""Only the nearest parent."""
# loses: check_rows_fill_the_grid
# %% layout
def layout(rows):
    tree = {"DASHBOARD_VERSION_KEY": "v2",
            "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"], "parents": []},
            "GRID_ID": {"type": "GRID", "id": "GRID_ID", "parents": ["ROOT_ID"],
                        "children": [f"ROW-{i}" for i, _ in enumerate(rows, 1)]}}
    for i, row in enumerate(rows, 1):
        tree[f"ROW-{i}"] = {"type": "ROW", "id": f"ROW-{i}", "children": [f"CHART-{chart}" for chart, _ in row],
                             "parents": ["ROOT_ID", "GRID_ID"], "meta": {"background": "BACKGROUND_TRANSPARENT"}}
        for chart, title in row:
            tree[f"CHART-{chart}"] = {"type": "CHART", "id": f"CHART-{chart}", "children": [], "parents": [f"ROW-{i}"],
                                       "meta": {"chartId": chart, "width": 12 // len(row), "height": 50, "sliceName": title}}
    return tree
