"""Decimals, and the words last."""
# %% headline
from decimal import Decimal

def headline(months):
    ordered = dict(sorted(months))
    month = max(ordered)
    now, before = Decimal(ordered.pop(month)), Decimal(ordered.pop(max(ordered)))
    dollars = "${:,}".format(round(now / 100))
    if not before and now:
        return "MRR rose from $0 to " + dollars + " in " + month.strftime("%B %Y")
    change = round((now - before) / before * 100, 1) if before else 0
    verb = "stayed at" if not change else "%s %.1f %% to" % ("rose" if change > 0 else "fell", abs(change))
    return f"MRR {verb} {dollars} in {month.strftime('%B %Y')}"
