"""Takes every 4xx for never: a wrong token loses all alerts."""
# loses: check_nothing_is_lost
# %% deliver
def deliver(waiting, url, token) -> list:
    for number, alert in enumerate(waiting):
        request = urllib.request.Request(url, json.dumps(alert).encode(), {
            "Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        try:
            urllib.request.urlopen(request, timeout=5).close()
        except OSError as error:
            if not 400 <= getattr(error, "code", 0) < 500:
                return waiting[number:]
    return []
