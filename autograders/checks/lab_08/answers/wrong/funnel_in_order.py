"""Counts those alone who did the step before."""
# loses: check_steps_counted_by_people
# %% funnel
def funnel(records, steps, who) -> list:
    done, names = {step: set() for step in steps}, list(EVENTS)
    for record, person in zip(records, who, strict=True):
        step = real_name(record["event"], names)
        if step in done and not person.startswith("qa_"):
            done[step].add(person)
    counted, left = [], None
    for step in steps:
        left = done[step] if left is None else left & done[step]
        counted.append(len(left))
    return counted
