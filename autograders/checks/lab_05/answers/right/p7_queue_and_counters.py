"""A queue of nodes with their steps, a derived table, counters of rows."""
# %% touched
def touched(manifest, node) -> list:
    if node not in manifest["child_map"]:
        raise KeyError(node)
    from collections import deque
    steps, waiting = {node: 0}, deque([node])
    while waiting:
        parent = waiting.popleft()
        for child in manifest["child_map"][parent]:
            if child not in steps:
                steps[child] = steps[parent] + 1
                waiting.append(child)
    del steps[node]
    wanted = [id for id in steps if id.split(".")[0] in {"model", "exposure", "test", "unit_test"}]
    return sorted(wanted, key=lambda id: (steps[id], id))
# %% both_names
def both_names(text, old, new) -> str:
    return "select shown.*, shown." + old + " as " + new + " from (\n" + text + "\n) as shown"
# %% differences
def differences(warehouse, old, new, columns) -> tuple:
    con = duckdb.connect(str(warehouse))
    try:
        from collections import Counter
        before = Counter(con.execute(f"select {', '.join(columns)} from {old}").fetchall())
        after = Counter(con.execute(f"select {', '.join(columns.values())} from {new}").fetchall())
    finally:
        con.close()
    return (before - after).total(), (after - before).total()
# %% same_meaning
def same_meaning(sql, dialect) -> bool:
    from sqlglot.errors import ErrorLevel, SqlglotError
    def written(read):
        return [tree.sql(dialect=dialect, unsupported_level=ErrorLevel.IGNORE) if tree else ""
                for tree in sqlglot.parse(sql, dialect=read)]
    try:
        return written("duckdb") == written(dialect)
    except SqlglotError:
        return False
# %% in_dollars
def in_dollars() -> str:
    return """{% macro in_dollars(cents) %}(({{ cents }})::decimal(18, 0) * 0.01)::decimal(18, 2){% endmacro %}"""
