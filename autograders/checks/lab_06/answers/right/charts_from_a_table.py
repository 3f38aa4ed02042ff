"""A table of three rows, more settings than were asked for."""
# %% charts
KINDS = [
    ("fct_mrr", "echarts_timeseries_bar", {"x_axis": "month", "time_grain_sqla": "P1M", "stack": "Stack",
     "metrics": ["churn_mrr", "contraction_mrr", "reactivation_mrr", "expansion_mrr", "new_mrr"]}),
    ("activation", "funnel", {"metric": "households", "groupby": ["step"], "sort_by_metric": True}),
    ("fct_weekly_active_households", "echarts_timeseries_line",
     {"x_axis": "week", "time_grain_sqla": "P1W", "metrics": ["active_households"], "markerEnabled": True}),
]

def charts(datasets, titles):
    for (name, kind, more), title in zip(KINDS, titles):
        params = dict(more, datasource="%d__table" % datasets[name], viz_type=kind, truncateYAxis=False,
                      show_legend=True, color_scheme="supersetColors")
        yield dict(slice_name=title, viz_type=kind, datasource_id=datasets[name], datasource_type="table",
                   params=json.dumps(params, indent=2), cache_timeout=60)
