"""NULL where there is no month."""
# loses: check_a_funnel_of_steps
# %% funnel_steps
def funnel_steps():
    steps = ["signed up", "subscribed", "ordered", "ordered again"]
    return " union all ".join(
        f"select {place} as place, '{step}' as step, sum({step.replace(' ', '_')})::bigint as households from marts.fct_activation_funnel where is_complete"
        for place, step in enumerate(steps, 1))
