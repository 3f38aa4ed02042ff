"""Takes the course's own loads."""
# loses: check_every_source_arrives, check_days_of_the_company, check_loads_say_what_came
# %% loads
@part
def loads():
    from environments.stack.orchestration.loads import amplitude, mixpanel, production, stripe
    return [stripe, mixpanel, amplitude, production]
