"""Tickets for all of it: nobody is called for a page."""
# loses: check_rules_find_all, check_rules_are_quiet
# %% rules
def rules(now, seen, raised) -> list:
    berlin = now.astimezone(ZoneInfo("Europe/Berlin"))
    day, wrong = berlin.date() - timedelta(days=1), []
    sources = ("stripe", "mixpanel", "amplitude", "production")
    today = [each for each in seen if each["day"] == day and each["asset"] in (*sources, "crm")]
    missing = [name for name in sources if name not in {each["asset"] for each in today}]
    if berlin.hour >= 8 and missing:
        wrong.append((missing[0], "page", "nothing came"))
    for each in today:
        asset = each["asset"]
        if each["status"] == "failure" and not each["will_retry"]:
            wrong.append((asset, "ticket" if asset == "crm" else "page", "failed"))
        if each["status"] == "success":
            if not each["holiday"] and each["rows"] < 0.5 * each["usual_rows"]:
                wrong.append((asset, "page", "few rows"))
            if each["null_rate"] > 0.1:
                wrong.append((asset, "ticket", "nulls"))
            if each["at"] - each["watermark"] > timedelta(hours=24):
                wrong.append((asset, "page", "old rows"))
    told = {(one["asset"], one["what"]) for one in raised if one["at"] > now - timedelta(hours=20)}
    return [{"asset": asset, "severity": "ticket", "what": what}
            for asset, severity, what in wrong if (asset, what) not in told]
