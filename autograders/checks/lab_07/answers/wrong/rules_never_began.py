"""Does not notice a morning on which nothing began."""
# loses: check_rules_find_all
# %% rules
def rules(now, seen, raised) -> list:
    berlin = now.astimezone(ZoneInfo("Europe/Berlin"))
    day, wrong = berlin.date() - timedelta(days=1), []
    sources = ("stripe", "mixpanel", "amplitude", "production")
    today = [each for each in seen if each["day"] == day and each["asset"] in (*sources, "crm")]
    missing = [name for name in sources if name not in {each["asset"] for each in today}]
    if False and missing:
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
    return [{"asset": asset, "severity": severity, "what": what}
            for asset, severity, what in wrong if (asset, what) not in told]
