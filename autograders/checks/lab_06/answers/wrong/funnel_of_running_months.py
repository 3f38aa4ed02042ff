"""Counts months that are not over."""
# loses: check_a_funnel_of_steps
# %% funnel_steps
def funnel_steps():
    steps = ["signed up", "subscribed", "ordered", "ordered again"]
    return " union all ".join(
        f"select {place} as place, '{step}' as step, coalesce(sum({step.replace(' ', '_')}), 0)::bigint as households from marts.fct_activation_funnel"
        for place, step in enumerate(steps, 1))
