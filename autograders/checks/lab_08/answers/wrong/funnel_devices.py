"""Devices for people"""
# loses: check_steps_counted_by_people
# %% funnel
def funnel(records, steps, who) -> list:
    who = [(real_name(r["event"], list(EVENTS)), p, r) for r, p in zip(records, who)]
    return [len({r["device_id"] for name, p, r in who if name == step and not p.startswith("qa_")}) for step in steps]
