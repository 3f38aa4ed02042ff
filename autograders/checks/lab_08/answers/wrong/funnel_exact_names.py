"""Counts names as they arrive."""
# loses: check_steps_counted_by_people
# %% funnel
def funnel(records, steps, who) -> list:
    done, names = {step: set() for step in steps}, list(EVENTS)
    for record, person in zip(records, who, strict=True):
        step = record["event"]
        if step in done and not person.startswith("qa_"):
            done[step].add(person)
    return [len(done[step]) for step in steps]
