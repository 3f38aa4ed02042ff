"""Rounds before choosing."""
# loses: check_decision
# alone
# %% decision
def decision(company):
    m = {o: round(v) for o, v in totals(company).items()}
    why = {o: w for o, w in against(company).items() if w}
    ok = [o for o in m if o not in why]
    return {"option": min(ok, key=m.get) if ok else None, "monthly": m, "rejected": why}
