"""Movements as a pie."""
# loses: check_charts_fit_their_questions
# %% charts
KINDS = ("new", "expansion", "reactivation", "contraction", "churn")

def charts(datasets, titles):
    shown = [
        ("fct_mrr", "pie", {"metrics": [f"{k}_mrr" for k in KINDS], "x_axis": "month", "time_grain_sqla": "P1M", "groupby": [], "truncateYAxis": False, "stack": "Stack"}),
        ("activation", "funnel", {"metric": "households", "groupby": ["step"]}),
        ("fct_weekly_active_households", "echarts_timeseries_line",
         {"x_axis": "week", "time_grain_sqla": "P1W", "metrics": ["active_households"], "truncateYAxis": False})]
    made = []
    for title, (name, kind, more) in zip(titles, shown):
        params = {"datasource": f"{datasets[name]}__table", "viz_type": kind} | more
        made.append({"slice_name": title, "viz_type": kind, "datasource_id": datasets[name], "datasource_type": "table",
                     "params": json.dumps(params)})
    return made
