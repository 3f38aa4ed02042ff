"""Parents asked round by round, a CTE written line by line, groups that are joined."""
# %% touched
def touched(manifest, node) -> list:
    children = manifest["child_map"]
    if node not in children:
        raise KeyError(node)
    seen, rounds, order = {node}, [node], []
    while rounds:
        rounds = sorted(id for id, parents in manifest["parent_map"].items()
                        if id not in seen and not set(parents).isdisjoint(rounds))
        seen.update(rounds)
        order += [id for id in rounds if id.startswith(("model.", "exposure.", "test.", "unit_test."))]
    return order
# %% both_names
def both_names(text, old, new) -> str:
    lines = ["with base as (", text, "),", "again as (", f"select base.*, base.{old} as {new}", "from base", ")",
             "select * from again"]
    return "\n".join(lines)
# %% differences
def differences(warehouse, old, new, columns) -> tuple:
    same = " and ".join(f"a.{mine} is not distinct from b.{yours}" for mine, yours in columns.items())
    with duckdb.connect(str(warehouse), read_only=True) as con:
        missing, added = con.execute(f"""
            select coalesce(sum(greatest(coalesce(a.n, 0) - coalesce(b.n, 0), 0)), 0)::bigint,
                coalesce(sum(greatest(coalesce(b.n, 0) - coalesce(a.n, 0), 0)), 0)::bigint
            from (select {', '.join(columns)}, count(*) as n from {old} group by all) as a
            full join (select {', '.join(columns.values())}, count(*) as n from {new} group by all) as b
                on {same}""").fetchone()
    return missing, added
# %% same_meaning
def same_meaning(sql, dialect) -> bool:
    texts = set()
    for read in ("duckdb", dialect):
        try:
            texts.add(";".join(sqlglot.transpile(sql, read=read, write=dialect, pretty=True, comments=False,
                                                 unsupported_level=sqlglot.ErrorLevel.IGNORE)))
        except Exception:
            return False
    return len(texts) == 1
# %% in_dollars
def in_dollars() -> str:
    return """{% macro in_dollars(cents) %}cast((({{ cents }}) // 100) + cast(({{ cents }}) % 100 as decimal(18, 0)) * 0.01 as decimal(18, 2)){% endmacro %}"""
# %% sheet_promises
def sheet_promises() -> str:
    return """
version: 2

models:
  - name: fct_dollars
    description: Dollars kept. One row a month.
    config:
      materialized: table
      contract:
        enforced: true
    columns:
      - name: month
        description: First day of the month.
        data_type: date
        constraints: [{type: not_null}]
        data_tests: [unique, not_null]
      - name: kept_usd
        description: Charges less refunds.
        data_type: decimal(18, 2)

exposures:
  - name: accountant_sheet
    type: dashboard
    maturity: low
    owner:
      email: accountant@example.com
    depends_on:
      - ref('fct_dollars')
"""
