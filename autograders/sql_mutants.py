"""Mutants of SQL text: joins, filters, grouping, order, distinct, limits, null handling and bounds."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlglot
from sqlglot import exp

SQL_BEGINS = ("select", "with", "insert", "update", "delete", "merge")
SQL_COMPARED: dict[type[exp.Expression], tuple[type[exp.Expression], ...]] = {
    exp.LT: (exp.LTE, exp.GTE),
    exp.LTE: (exp.LT, exp.GT),
    exp.GT: (exp.GTE, exp.LTE),
    exp.GTE: (exp.GT, exp.LT),
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.Add: (exp.Sub,),
    exp.Sub: (exp.Add,),
    exp.Mul: (exp.Div,),
    exp.Div: (exp.Mul,),
    exp.Min: (exp.Max,),
    exp.Max: (exp.Min,),
    exp.Greatest: (exp.Least,),
    exp.Least: (exp.Greatest,),
}
MAY_CHANGE = (exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Limit, exp.Distinct, exp.And, exp.Or,
              exp.Coalesce, exp.Filter, exp.Ordered, exp.Literal, exp.Paren, exp.In, exp.If, exp.Interval,
              *SQL_COMPARED)
Operator = Callable[[exp.Expression], bool]  # changes a node, if it is of its kind


def sql_mutants(text: str, dialect: str = "postgres") -> Iterator[str]:
    """A query's text with one mistake, for each that there is; nothing where the text is no SQL that can be read."""
    query = read(text, dialect) if next(iter(text.lower().split(None, 1)), "") in SQL_BEGINS else None
    if query:
        yield from changed(query, dialect, SQL_CHANGES)


def read(text: str, dialect: str) -> exp.Expr | None:
    try:
        return sqlglot.parse_one(text, read=dialect)
    except sqlglot.errors.SqlglotError:
        return None


def changed(query: exp.Expr, dialect: str, changes: Sequence[Operator]) -> Iterator[str]:
    """The query's text after each of these changes at each place, each text once."""
    same, seen = query.sql(dialect), set()
    for number in (number for number, node in enumerate(query.walk()) if isinstance(node, MAY_CHANGE)):
        for change in changes:
            tree = query.copy()
            node: Any = list(tree.walk())[number]
            if change(node) and (sql := tree.sql(dialect)) != same and sql not in seen:
                seen.add(sql)
                yield sql


def _sql_operator(which: int) -> Operator:
    def change(node: exp.Expression) -> bool:
        others = SQL_COMPARED.get(type(node), ())
        return which < len(others) and bool(node.replace(others[which](**node.args)))

    return change


def _sql_join(node: exp.Expression) -> bool:
    if isinstance(node, exp.Join):
        outer = node.args.get("side")
        node.set("side", None if outer else "LEFT")
        node.set("kind", None if node.args.get("kind") == "INNER" else node.args.get("kind"))
        return True
    return False


def _sql_part_dropped(node: exp.Expression) -> bool:
    kinds = (exp.Where, exp.Group, exp.Having, exp.Order, exp.Limit, exp.Distinct)
    if isinstance(node, kinds) and not isinstance(node.parent, exp.Filter):
        return bool(node.pop())
    return False


def _sql_condition(keep: str) -> Operator:
    def change(node: exp.Expression) -> bool:
        return isinstance(node, (exp.And, exp.Or)) and bool(node.replace(node.args[keep].copy()))

    return change


def _sql_null(node: exp.Expression) -> bool:
    return isinstance(node, exp.Coalesce) and bool(node.replace(node.this.copy()))


def _sql_filter(node: exp.Expression) -> bool:
    return isinstance(node, exp.Filter) and bool(node.replace(node.this.copy()))


def _sql_direction(node: exp.Expression) -> bool:
    if isinstance(node, exp.Ordered):
        node.set("desc", not node.args.get("desc"))
        return True
    return False


def _sql_number(step: int) -> Operator:
    def change(node: exp.Expression) -> bool:
        if isinstance(node, exp.Literal) and node.is_int:
            return bool(node.replace(exp.Literal.number(int(node.this) + step)))
        return False

    return change


SQL_CHANGES = (_sql_operator(0), _sql_operator(1), _sql_join, _sql_part_dropped, _sql_condition("this"),
               _sql_condition("expression"), _sql_null, _sql_filter, _sql_direction, _sql_number(1), _sql_number(-1))


# What is asked of SQL with Jinja in it besides

def _sql_parentheses(node: exp.Expression) -> bool:
    return isinstance(node, exp.Paren) and bool(node.replace(node.this.copy()))


def _sql_member(which: int) -> Operator:
    def change(node: exp.Expression) -> bool:
        listed = isinstance(node, exp.In) and len(node.expressions) > 1
        return listed and bool(node.expressions[which].pop())

    return change


def _sql_branch(node: exp.Expression) -> bool:
    return isinstance(node, exp.If) and isinstance(node.parent, exp.Case) and bool(node.pop())


def _sql_interval(step: int) -> Operator:
    def change(node: exp.Expression) -> bool:
        length = node.this if isinstance(node, exp.Interval) else None
        return isinstance(length, exp.Literal) and length.this.isdecimal() and bool(
            length.replace(exp.Literal.string(int(length.this) + step)))

    return change


MORE_CHANGES = (*SQL_CHANGES, _sql_parentheses, _sql_member(0), _sql_member(-1), _sql_branch, _sql_interval(1),
                _sql_interval(-1))
