"""A macro with set, rounds over all edges, a star from a subquery, numbered copies in an anti join."""
# %% in_dollars
def in_dollars() -> str:
    return """
{% macro in_dollars(cents) %}
{%- set whole = "cast((" ~ cents ~ ") as hugeint)" -%}
(cast({{ whole }} as decimal(18, 0)) * cast('0.01' as decimal(3, 2)))::decimal(18, 2)
{%- endmacro %}
"""
# %% touched
def touched(manifest, node) -> list:
    if node not in manifest["child_map"]:
        raise KeyError(node)
    edges = [(parent, child) for parent, below in manifest["child_map"].items() for child in below]
    steps, reached = {node: 0}, True
    while reached:
        reached = {child: steps[parent] + 1 for parent, child in edges if parent in steps and child not in steps
                   and steps[parent] == max(steps.values())}
        steps.update(reached)
    found = [(step, id) for id, step in steps.items() if step and id.split(".", 1)[0] in (
        "model", "exposure", "test", "unit_test")]
    return [id for _, id in sorted(found)]
# %% both_names
def both_names(text, old, new) -> str:
    return f"select *, {old} as {new}\nfrom (\n{text}\n)"
# %% differences
def differences(warehouse, old, new, columns) -> tuple:
    con = duckdb.connect(str(warehouse), read_only=True)
    mine, yours = list(columns), list(columns.values())
    sides = [f"select {', '.join(f'{name} as c{i}' for i, name in enumerate(names))}, row_number() over (partition by "
             f"{', '.join(names)}) as copy from {table}" for names, table in ((mine, old), (yours, new))]
    same = " and ".join(f"a.c{i} is not distinct from b.c{i}" for i in range(len(mine)))
    counts = []
    for a, b in (sides, sides[::-1]):
        counts.append(con.execute(f"select count(*) from ({a}) as a where not exists (select 1 from ({b}) as b where "
                                  f"{same} and a.copy = b.copy)").fetchone()[0])
    con.close()
    return tuple(counts)
# %% same_meaning
def same_meaning(sql, dialect) -> bool:
    generator = sqlglot.Dialect.get_or_raise(dialect).generator(unsupported_level=sqlglot.ErrorLevel.IGNORE)
    try:
        ours, theirs = sqlglot.parse(sql, read="duckdb"), sqlglot.parse(sql, read=dialect)
        return [generator.generate(tree) for tree in ours] == [generator.generate(tree) for tree in theirs]
    except sqlglot.errors.SqlglotError:
        return False
# %% sheet_promises
def sheet_promises() -> str:
    columns = [{"name": "kept_usd", "data_type": "numeric(18, 2)"}, {"name": "month", "data_type": "DATE"}]
    return json.dumps({
        "version": 2,
        "exposures": [{"name": "accountant_sheet", "type": "notebook", "owner": {"name": "Finance", "email": "f@x.org"},
                       "depends_on": ["ref('fct_dollars')"], "label": "The accountant's sheet"}],
        "models": [{"name": "fct_dollars", "config": {"contract": {"enforced": True}}, "columns": columns}]})
