"""persons of the step\'s records alone"""
# loses: check_steps_counted_by_people
# %% funnel
def funnel(records, steps) -> list:
    out = []
    for step in steps:
        mine = [r for r in records if real_name(r["event"], list(EVENTS)) == step]
        out.append(len({p for p in persons(mine) if not p.startswith("qa_")}))
    return out
