"""Checks of Lab 6, parts 1 and 2: metrics that are defined once, a connection, datasets, charts, a dashboard."""

import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import yaml

from autograders.checks.lab_06.marts import MOVEMENTS, asked_of, months, text
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["a_funnel_of_steps", "a_ratio_of_sums", "charts_fit_their_questions", "charts_share_their_metrics",
           "movements_add_up", "mrr_is_a_level", "one_name_one_definition", "reads_and_no_more", "rows_fill_the_grid"]

COLUMNS = 12


# 1 A metric defined once

@repeatable
def one_name_one_definition(function) -> None:
    """Exports in which a name is defined by charts, by a dataset, by both; once, twice, or twice alike."""
    asked = CheckedFunction(function, look="collect {name: set of expressions} over charts and datasets, then keep "
                                           "those with two or more")
    a, b, c = draw.sample(["revenue", "orders", "Umsatz (€)", "net revenue", "churn"], 3)
    gross, net = f"sum(total_cents) / {draw.choice((100, 100.0))}", "sum(net_revenue_cents) / 100"
    asks = (
        ("two charts that define a name differently", {"charts/A.yaml": [(a, gross)], "charts/B.yaml": [(a, net)]},
         {a: sorted([gross, net])}),
        ("two charts that define it alike, but for spaces at the ends",
         {"charts/A.yaml": [(a, gross)], "charts/B.yaml": [(a, f"  {gross}\n")]}, {}),
        ("a chart that differs from its dataset", {"charts/A.yaml": [(a, gross), (b, net)],
                                                   "datasets/marts/x.yaml": [(a, net), (c, net)]},
         {a: sorted([gross, net])}),
        ("charts that name a dataset's metric", {"charts/A.yaml": [a, b], "charts/B.yaml": [a],
                                                 "datasets/marts/x.yaml": [(a, net), (b, gross)]}, {}),
        ("a chart with one `metric`", {"charts/A.yaml": (b, gross), "charts/B.yaml": [(b, net)],
                                       "charts/C.yaml": None}, {b: sorted([gross, net])}),
        ("two datasets with the same name for two things", {"datasets/marts/x.yaml": [(c, gross)],
                                                            "datasets/raw/y.yaml": [(c, net)]},
         {c: sorted([gross, net])}),
        ("two names in one chart, each defined twice, and three ways",
         {"charts/A.yaml": [(a, gross), (b, "count(*)")], "charts/B.yaml": [(a, net), (b, "sum(1)")],
          "datasets/marts/x.yaml": [(b, "count(1)")]},
         {a: sorted([gross, net]), b: sorted(["count(*)", "sum(1)", "count(1)"])}),
        ("expressions that differ in their letters' case, or in spaces within",
         {"charts/A.yaml": [(a, gross), (b, "count(*)")], "charts/B.yaml": [(a, gross.upper()), (b, "count( * )")]},
         {a: sorted([gross, gross.upper()]), b: sorted(["count(*)", "count( * )"])}),
        ("expressions that differ in how many spaces and lines are within",
         {"charts/A.yaml": [(a, gross), (b, "sum(a) / 2")],
          "charts/B.yaml": [(a, gross.replace(" / ", "  / ")), (b, "sum(a)\n/ 2")]},
         {a: sorted([gross, gross.replace(" / ", "  / ")]), b: sorted(["sum(a) / 2", "sum(a)\n/ 2"])}),
        ("names that differ in their letters' case", {"charts/A.yaml": [(a, gross)],
                                                      "charts/B.yaml": [(a.upper(), net)]}, {}),
        ("other files that look like these", {"charts/A.yaml": [(a, gross)], "dashboards/A.yaml": [(a, net)],
                                              "dashboards/my_charts.yaml": [(a, net)]}, {}),
        ("another file with metrics as a dataset has them",
         {"charts/A.yaml": [(a, gross)], "others/datasets.yaml": [(a, net)]}, {}),
        ("a dataset in a folder whose name ends in charts",
         {"charts/A.yaml": [(a, gross)], "datasets/barcharts/x.yaml": [(a, net)]}, {a: sorted([gross, net])}),
        ("an export without charts", {"metadata.yaml": None}, {}),
    )
    for when, files, due in asks:
        got = asked({path: _file(path, kept) for path, kept in files.items()}, when=f"with {when}")
        asked.expect(got == due, "the names with two or more definitions, and these sorted" if due else "{}")


def _file(path: str, metrics: Any) -> str:
    """One file of an export: a chart's, with what it defines (name, expression) or only names, or a dataset's."""
    if path.startswith(("datasets", "others")):
        return yaml.safe_dump({"table_name": path[9:-5], "uuid": path, "metrics": [
            {"metric_name": name, "expression": expression} for name, expression in metrics]}, allow_unicode=True)
    made = [each if isinstance(each, str) else _defined(*each) for each in metrics] if isinstance(metrics, list) else []
    params = {"metrics": made} if isinstance(metrics, list) else {"metric": _defined(*metrics)} if metrics else {}
    return yaml.safe_dump({"slice_name": path, "viz_type": "table", "params": params}, allow_unicode=True)


def _defined(name: str, expression: str) -> dict:
    return {"label": name, "expressionType": "SQL", "sqlExpression": expression}


# 2 A connection

@repeatable
def reads_and_no_more(function) -> None:
    """Paths with and without spaces; each right that Superset gives by default or on demand."""
    asked = CheckedFunction(function, look="the address is duckdb:/// and the absolute path, so four slashes; "
                                           "Superset's default for expose_in_sqllab is true")
    for path in (f"/srv/{draw.randrange(1000)}/public.duckdb", "/home/ada/my labs/.labs/public.duckdb"):
        body = _body(asked, asked(path, when=f"with {path}"))
        asked.expect(body.get("database_name") == "Teaspoon marts", "the name Teaspoon marts")
        address = text(asked, body.get("sqlalchemy_uri"))
        place, _, query = address.partition("?")
        asked.expect(place == f"duckdb:///{path}", "an address of that file", got=f"sqlalchemy_uri is {address}")
        options = {name.lower(): value.lower() for name, value in parse_qsl(query)}
        asked.expect(options == {"access_mode": "read_only"}, "a file that is only read",
                     got=f"sqlalchemy_uri is {address}")
        asked.expect(body.get("expose_in_sqllab") is False, "no SQL Lab",
                     got=f"expose_in_sqllab is {body.get('expose_in_sqllab', 'not given, so true')}")
        for right in ("allow_dml", "allow_ctas", "allow_cvas", "allow_file_upload"):
            asked.expect(not body.get(right), f"no right to change anything: {right} false", got=f"{right} is true")
        kept = body.get("cache_timeout")
        asked.expect(type(kept) is int and (1 <= kept <= 60 or kept == -1),
                     "a cache_timeout of 60 seconds at most, where neither 0 nor none means that nothing is kept",
                     got=f"cache_timeout is {kept}")


def _body(asked: CheckedFunction, value: object) -> dict:
    asked.expect(isinstance(value, dict), "a dict")
    return dict(value) if isinstance(value, dict) else {}


# 2 Metrics and a dataset

MRR_COLUMNS = ", ".join(["month date", "opening_mrr_cents bigint", "closing_mrr_cents bigint",
                         *(f"{name}_mrr_cents bigint" for name in MOVEMENTS), "paying_customers bigint"])
NAMES = ("mrr", "net_new_mrr", "quick_ratio")


def _mrr_rows(count: int, lost: bool = True) -> list[tuple]:
    """So many months of fct_mrr, not in their order: of three or more the latest stands in the middle."""
    rows, opening = [], draw.randint(1000, 9000)
    for month in months(count):
        new, more, back = (draw.randint(1, 5000) for _ in range(3))
        less, gone = (-draw.randint(1, 400) if lost else 0 for _ in range(2))
        closing = opening + new + more + back + less + gone
        rows.append((month, opening, closing, new, more, back, less, gone, draw.randint(1, 50)))
        opening = closing
    latest = rows.pop()
    draw.shuffle(rows)
    rows.insert(count // 2, latest)
    return rows


def _metric(function, name: str, look: str, asks: Sequence[tuple[str, list[tuple], Decimal | None]], due: str) -> None:
    asked = CheckedFunction(function, look=look)
    metrics = _body(asked, asked(when="as they are"))
    asked.expect(sorted(map(str, metrics)) == sorted(NAMES), "the three metrics and no other")
    expression = text(asked, metrics[name])
    for when, rows, value in asks:
        asked.when = f"{name} over {when}"
        asked.call = f"mrr_metrics()[{name!r}] over {when}"
        asked.got = "was asked"
        last = max(rows)[0]  # the table has later months, too, which this chart leaves out
        later = [(last + timedelta(days=32 * i), *_mrr_rows(1)[0][1:]) for i in (1, 2)]
        got = asked_of(asked, f"select {expression}\nfrom marts.fct_mrr where month <= date '{last}'",
                       {"marts.fct_mrr": (MRR_COLUMNS, [*later, *rows])})
        found = got[0][0] if len(got) == 1 and len(got[0]) == 1 else got
        asked.expect(_near(found, value), due if value is not None else "NULL", got=f"gives {_shown(found)}")


def _near(found: Any, due: Decimal | None) -> bool:
    if due is None or isinstance(found, bool) or not isinstance(found, (int, float, Decimal)):
        return found is None and due is None
    return abs(Decimal(found) - due) < Decimal("0.0001")


def _shown(found: Any) -> str:
    return "NULL" if found is None else str(found)[:80]


@repeatable
def mrr_is_a_level(function) -> None:
    """One month, and several of which the last counts, wherever it stands."""
    asks = []
    for count in (1, 5, 12):
        rows = _mrr_rows(count)
        asks.append((_of(count), rows, Decimal(max(rows)[2]) / 100))
    fallen = [(month, 0, closing, 0, 0, 0, 0, 0, 1) for month, closing in zip(months(3), (900, 800, 150), strict=True)]
    asks.append(("3 months of a falling MRR", fallen, Decimal("1.5")))
    _metric(function, "mrr", "MRR is a level: over several months the latest counts, never their sum", asks,
            "dollars at the end of the latest month")


@repeatable
def movements_add_up(function) -> None:
    asks = [(_of(count), rows := _mrr_rows(count), Decimal(sum(sum(row[3:8]) for row in rows)) / 100)
            for count in (1, 7)]
    _metric(function, "net_new_mrr", "lost MRR is kept as a number of 0 or below: add all five, in dollars", asks,
            "dollars, the sum of the five movements")


@repeatable
def a_ratio_of_sums(function) -> None:
    """One month, several, several of which some lost nothing, and none that lost anything."""
    some = [*_mrr_rows(2, lost=False), *_mrr_rows(3)]
    asks: list[tuple[str, list[tuple], Decimal | None]] = [
        (when, rows, _won_by_lost(rows))
        for when, rows in ((_of(1), _mrr_rows(1)), (_of(6), _mrr_rows(6)),
                           ("5 months, of which 2 lost nothing", some))]
    for when, place in (("2 months without churn", 7), ("2 months without contraction", 6)):
        rows = [(*row[:place], 0, *row[place + 1:]) for row in _mrr_rows(2)]
        asks.append((when, rows, _won_by_lost(rows)))
    rows = [(*row[:3], 0, 0, 0, *row[6:]) for row in _mrr_rows(2)]
    asks.append(("2 months that won nothing", rows, Decimal(0)))
    asks.append(("2 months that lost nothing", _mrr_rows(2, lost=False), None))
    _metric(function, "quick_ratio", "the sum of what was won over the sum of what was lost, and nullif for 0", asks,
            "what was won over what was lost, 0 or more")


def _won_by_lost(rows: list[tuple]) -> Decimal:
    return Decimal(sum(sum(row[3:6]) for row in rows)) / -sum(sum(row[6:8]) for row in rows)


def _of(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


FUNNEL_COLUMNS = ("month date, signed_up bigint, subscribed bigint, ordered bigint, ordered_again bigint, "
                  "is_complete boolean")
STEPS = ("signed up", "subscribed", "ordered", "ordered again")


@repeatable
def a_funnel_of_steps(function) -> None:
    """Complete months and others, a step that nobody took, and no complete month at all."""
    asked = CheckedFunction(function, look="four SELECTs with UNION ALL, where is_complete; a sum over no row is NULL")
    sql = text(asked, asked(when="as it is"))
    complete: list[tuple] = [(month, *_falling(), True) for month in months(5)]
    running: list[tuple] = [(month, *_falling(), False) for month in months(2)]
    stopped: list[tuple] = [(month, draw.randint(5, 9), draw.randint(1, 4), 0, 0, True) for month in months(3)]
    for when, rows in (("complete months", complete), ("a month that is not complete", [*complete, *running]),
                       ("a step that nobody took", stopped), ("no complete month", running), ("no month", [])):
        asked.call, asked.when, asked.got = f"funnel_steps() with {when}", f"with {when}", "was asked"
        found = asked_of(asked, f"select place, step, households from (\n{sql}\n) as steps order by place",
                         {"marts.fct_activation_funnel": (FUNNEL_COLUMNS, rows)})
        asked.expect([row[:2] for row in found] == list(enumerate(STEPS, 1)), "the four steps, once each",
                     got=f"gives {str([row[:2] for row in found])[:160]}")
        due = [sum(row[place] for row in rows if row[5]) for place in range(1, 5)]
        asked.expect([row[2] for row in found] == due, "the households of complete months",
                     got=f"gives {str([_shown(row[2]) for row in found])[:160]}")


def _falling() -> list[int]:
    return sorted((draw.randint(1, 40) for _ in range(4)), reverse=True)


# 2 Charts and a dashboard

DUE_CHARTS = (
    ("fct_mrr", "echarts_timeseries_bar", [f"{name}_mrr" for name in MOVEMENTS], "month", "P1M"),
    ("activation", "funnel", ["households"], "", ""),
    ("fct_weekly_active_households", "echarts_timeseries_line", ["active_households"], "week", "P1W"),
)


def _charts(function, look: str) -> tuple[CheckedFunction, list[tuple[dict, dict]], dict, list]:
    """What the answer gives for datasets and titles that are drawn: each body, with its params."""
    asked = CheckedFunction(function, look=look)
    ids = draw.sample(range(1, 90), 3)
    datasets = dict(zip((name for name, *_ in DUE_CHARTS), ids, strict=True))
    titles = [f"{draw.choice(('MRR', 'Zahl', 'Café'))} rose to {draw.randrange(100)}" for _ in range(3)]
    bodies = asked.items(datasets, titles, when="with three datasets and titles")
    asked.expect(len(bodies) == 3, "three bodies")
    made = []
    for body in bodies:
        kept = _body(asked, body).get("params")
        try:
            params = json.loads(kept) if isinstance(kept, str) else None
        except (ValueError, RecursionError):
            params = None
        asked.expect(isinstance(params, dict), "params as the text of a JSON object", got=f"params is {str(kept)[:80]}")
        made.append((_body(asked, body), params or {}))
    return asked, made, datasets, titles


@repeatable
def charts_share_their_metrics(function) -> None:
    """Each metric by its name, on the dataset that has it."""
    asked, made, datasets, titles = _charts(function, "a metric of the dataset is named by its name alone, a text")
    for place, ((body, params), (name, _, metrics, *_)) in enumerate(zip(made, DUE_CHARTS, strict=True), 1):
        asked.when = f"chart {place}"
        asked.expect(body.get("datasource_id") == datasets[name] and body.get("datasource_type") == "table",
                     f"the dataset {name}: datasource_id and datasource_type",
                     got=f"has {body.get('datasource_id')} and {body.get('datasource_type')}")
        asked.expect(params.get("datasource") == f"{datasets[name]}__table", 'params with "<id>__table" as datasource',
                     got=f"has {str(params.get('datasource'))[:80]}")
        given = params.get("metrics") or [params.get("metric")]
        asked.expect(isinstance(given, list) and all(type(each) is str for each in given),
                     "metrics by their names, defined in the dataset alone", got=f"has {str(given)[:120]}")
        asked.expect(sorted(given) == sorted(metrics), "the metrics of its question, once each",
                     got=f"has {str(given)[:120]}")
        asked.expect(body.get("slice_name") == titles[place - 1], "its title as slice_name",
                     got=f"has {str(body.get('slice_name'))[:80]}")


@repeatable
def charts_fit_their_questions(function) -> None:
    """The kind of chart, what lies on the axes, and an axis from zero."""
    asked, made, _, _ = _charts(function, "parts over time are stacked bars; steps are a funnel; one level over time "
                                          "is a line; an axis that is cut off makes a small change look large")
    for place, ((body, params), (_, kind, _, axis, grain)) in enumerate(zip(made, DUE_CHARTS, strict=True), 1):
        asked.when = f"chart {place}"
        asked.expect(body.get("viz_type") == params.get("viz_type") == kind, f"{kind} for its question, in both places",
                     got=f"has {body.get('viz_type')} and {params.get('viz_type')}")
        if not axis:
            asked.expect(params.get("groupby") == ["step"], "a part for each step",
                         got=f"groupby is {params.get('groupby')}")
            asked.expect("metric" in params and "metrics" not in params, "one `metric`", got="has `metrics`")
            continue
        asked.expect("metrics" in params, "a list `metrics`", got="has none")
        asked.expect((params.get("x_axis"), params.get("time_grain_sqla")) == (axis, grain),
                     f"{axis} on the x axis, by {grain}",
                     got=f"has {params.get('x_axis')} by {params.get('time_grain_sqla')}")
        asked.expect(not params.get("groupby"), "no other dimension", got=f"groupby is {params.get('groupby')}")
        asked.expect(params.get("truncateYAxis") is False, "an axis that is not cut off: truncateYAxis false",
                     got=f"truncateYAxis is {params.get('truncateYAxis')}")
        if kind.endswith("bar"):
            asked.expect(params.get("stack") == "Stack", "the parts on top of each other: stack",
                         got=f"stack is {params.get('stack')}")


@repeatable
def rows_fill_the_grid(function) -> None:
    """Rows of one to four charts, and a dashboard of one chart."""
    asked = CheckedFunction(function, look="12 columns shared by the charts of a row; parents from ROOT_ID down")
    ids = draw.sample(range(1, 500), 9)
    titles = {chart: f"{draw.choice(('MRR', 'Zahl', 'Café'))} {chart * 7}" for chart in ids}
    for rows in ([ids[:1]], [ids[:1], ids[1:4]], [ids[:2], ids[2:6], ids[6:9]], [ids[:4]]):
        given = [[(chart, titles[chart]) for chart in row] for row in rows]
        tree = _body(asked, asked(given, when=f"with rows of {', '.join(str(len(row)) for row in rows)}"))
        asked.expect(tree.get("DASHBOARD_VERSION_KEY") == "v2", 'DASHBOARD_VERSION_KEY "v2"')
        due: dict[str, tuple[str, list, list]] = {
            "ROOT_ID": ("ROOT", ["GRID_ID"], []),
            "GRID_ID": ("GRID", [f"ROW-{i}" for i in range(1, len(rows) + 1)], ["ROOT_ID"])}
        for i, row in enumerate(rows, 1):
            due[f"ROW-{i}"] = "ROW", [f"CHART-{chart}" for chart in row], ["ROOT_ID", "GRID_ID"]
            due |= {f"CHART-{chart}": ("CHART", [], ["ROOT_ID", "GRID_ID", f"ROW-{i}"]) for chart in row}
        asked.expect(tree.keys() - {"DASHBOARD_VERSION_KEY"} == due.keys(), "one entry for each part of the tree",
                     got=f"has {str(sorted(map(str, tree)))[:160]}")
        for key, (kind, children, parents) in due.items():
            part = _body(asked, tree[key])
            asked.expect((part.get("type"), part.get("id")) == (kind, key), "its type and id", got=_part(key, part))
            asked.expect(part.get("children", []) == children, "its children in their order", got=_part(key, part))
            asked.expect(part.get("parents", []) == parents, "its parents", got=_part(key, part))
        for row in rows:
            for chart in row:
                meta = _body(asked, tree[f"CHART-{chart}"].get("meta"))
                due_meta = {"chartId": chart, "sliceName": titles[chart], "width": COLUMNS // len(row), "height": 50}
                asked.expect(meta == due_meta, "its chart, its title, its share of 12 columns, height 50",
                             got=f"meta of CHART-{chart} is {str(meta)[:120]}")
        background = [tree[f"ROW-{i}"].get("meta") for i in range(1, len(rows) + 1)]
        asked.expect(all(meta == {"background": "BACKGROUND_TRANSPARENT"} for meta in background),
                     "a transparent background for each row", got=f"has {str(background)[:120]}")


def _part(key: str, part: dict) -> str:
    return f"{key} is {str(part)[:140]}"
