"""The place of an alert is that of the first equal one."""
# loses: check_nothing_is_lost
# %% deliver
def deliver(waiting, url, token) -> list:
    import http.client
    import urllib.error
    for n, alert in enumerate(waiting):
        request = urllib.request.Request(url, json.dumps(alert).encode(), {
            "Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        except (OSError, http.client.HTTPException):
            status = 0
        if status in (400, 413, 422) or 200 <= status < 300:
            continue
        return list(waiting[waiting.index(alert):])
    return []
