"""Only URLError is caught: an inbox that hangs up without an answer (RemoteDisconnected) raises."""
# loses: check_nothing_is_lost

# %% deliver
def deliver(waiting, url, token) -> list:
    from urllib.error import HTTPError, URLError

    for place, alert in enumerate(waiting):
        request = urllib.request.Request(
            url, json.dumps(alert).encode(), method="POST",
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                status = answer.status
        except HTTPError as error:
            status = error.code
        except URLError:
            status = 0
        if status in (400, 413, 422) or 200 <= status < 300:
            continue
        return list(waiting[place:])
    return []
