"""A dict: a step that stands twice is there once"""
# loses: check_steps_counted_by_people
# %% funnel
def funnel(records, steps, who) -> list:
    who = [(real_name(r["event"], list(EVENTS)), p, r) for r, p in zip(records, who)]
    return list({step: len({p for name, p, r in who if name == step and not p.startswith("qa_")}) for step in steps}.values())
