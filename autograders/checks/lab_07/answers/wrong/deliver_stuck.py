"""Keeps an alert that nobody can read, and all that wait behind it."""
# loses: check_nothing_is_lost
# %% deliver
def deliver(waiting, url, token) -> list:
    for number, alert in enumerate(waiting):
        request = urllib.request.Request(url, json.dumps(alert).encode(), {
            "Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        try:
            urllib.request.urlopen(request, timeout=5).close()
        except OSError as error:
            print(error)
            return waiting[number:]
    return []
