"""Counts names as they arrive."""
# loses: check_steps_counted_by_people
# %% funnel
def funnel(records, steps) -> list:
    done, names = {step: set() for step in steps}, list(EVENTS)
    for record, who in zip(records, persons(records), strict=True):
        step = record["event"]
        if step in done and not who.startswith("qa_"):
            done[step].add(who)
    return [len(done[step]) for step in steps]
