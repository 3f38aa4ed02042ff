"""Cents by a text with an exponent, a heap in a generator, a block of Jinja, and copies counted with signs."""
# %% in_dollars
def in_dollars() -> str:
    return r'''
{% macro in_dollars(cents) -%}
    cast(cast(({{ cents }}) as varchar) || 'e-2' as decimal(18, 2))
{%- endmacro %}
'''
# %% same_meaning
import contextlib as _contextlib
from itertools import zip_longest as _zip_longest

class _Written:
    def __init__(self, sql, dialect):
        self.sql, self.dialect = sql, dialect

    def read_as(self, dialect):
        for tree in sqlglot.parse(self.sql, dialect=dialect):
            yield tree.sql(dialect=self.dialect) if tree is not None else ""

def same_meaning(sql, dialect) -> bool:
    written = _Written(sql, dialect)
    with _contextlib.suppress(sqlglot.errors.SqlglotError):
        pairs = _zip_longest(written.read_as("duckdb"), written.read_as(dialect))
        return not [1 for ours, theirs in list(pairs) if ours != theirs]
    return False
# %% touched
import heapq as _heapq

def _downstream(children, node):
    heap, seen = [(1, child) for child in children[node]], {node}
    _heapq.heapify(heap)
    while heap:
        steps, id = _heapq.heappop(heap)
        if id in seen:
            continue
        seen.add(id)
        yield id
        for child in children[id]:
            _heapq.heappush(heap, (steps + 1, child))

def touched(manifest, node) -> list:
    return [id for id in _downstream(manifest["child_map"], node)
            if id.partition(".")[0] in {"model", "exposure", "test", "unit_test"}]
# %% both_names
def both_names(text, old, new) -> str:
    quoted = ['"' + name.replace('"', '""') + '"' for name in (old, new)]
    return ("{% set model_as_it_was %}\n" + text + "\n{% endset %}\n"
            f"with model_as_it_was as (\n{{{{ model_as_it_was }}}}\n)\n"
            f"from model_as_it_was select model_as_it_was.*, {quoted[0]} as {quoted[1]}")
# %% differences
def differences(warehouse, old, new, columns) -> tuple:
    names = [f"c{i}" for i in range(len(columns))]
    pick = lambda cols: ", ".join(f"{c} as {n}" for c, n in zip(cols, names))
    con = duckdb.connect(os.fspath(warehouse), read_only=True)
    try:
        found = con.execute(f'''
            select coalesce(sum(n) filter (n > 0), 0)::bigint, coalesce(-sum(n) filter (n < 0), 0)::bigint from (
                select sum(side) as n from (
                    select 1 as side, {pick(columns)} from {old} union all
                    select -1, {pick(columns.values())} from {new})
                group by {", ".join(names)})''').fetchone()
    finally:
        con.close()
    return found
