"""One pass, then the columns become rows."""
# %% funnel_steps
def funnel_steps():
    return """
    with whole as (
        select coalesce(sum(signed_up), 0)::bigint as a, coalesce(sum(subscribed), 0)::bigint as b,
               coalesce(sum(ordered), 0)::bigint as c, coalesce(sum(ordered_again), 0)::bigint as d
        from marts.fct_activation_funnel where is_complete)
    select place, step, households from whole, (values (1, 'signed up'), (2, 'subscribed'), (3, 'ordered'),
                                                       (4, 'ordered again')) as names(place, step),
    lateral (select case place when 1 then a when 2 then b when 3 then c else d end as households) -- per step
    """
