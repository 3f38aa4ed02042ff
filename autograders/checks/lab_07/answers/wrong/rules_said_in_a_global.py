"""What was said is in a global, and `raised` is not read: the second month in one process is silent."""
# loses: check_rules_find_all

# %% rules
SAID = set()

def rules(now, seen, raised) -> list:
    berlin = ZoneInfo("Europe/Berlin")
    here = now.astimezone(berlin)
    yesterday = here.date() - timedelta(days=1)
    said = SAID
    found = []

    def say(asset, severity, what):
        if (asset, what) not in said:
            said.add((asset, what))
            found.append({"asset": asset, "severity": severity, "what": what})

    sources = ("stripe", "mixpanel", "amplitude", "production")
    for each in seen:
        asset, day = each["asset"], each["day"]
        if day != each["at"].astimezone(berlin).date() - timedelta(days=1):
            continue  # a backfill
        if each["status"] == "failure" and not each["will_retry"]:
            say(asset, "ticket" if asset == "crm" else "page", f"failed on {day}")
        if each["status"] != "success" or asset not in sources:
            continue
        if each["rows"] < 0.25 * each["usual_rows"] and not each["holiday"]:
            say(asset, "page", f"hardly a row on {day}")
        if each["at"] - each["watermark"] > timedelta(days=1):
            say(asset, "page", f"old rows on {day}")
        if each["null_rate"] > 0.1:
            say(asset, "ticket", f"nulls on {day}")
    if time(8) <= here.time() < time(22):
        came = {each["asset"] for each in seen if each["day"] == yesterday}
        missing = [source for source in sources if source not in came]
        if len(missing) == len(sources):
            say("published", "page", f"nothing came on {yesterday}")
        else:
            for source in missing:
                say(source, "page", f"nothing came on {yesterday}")
    return found
