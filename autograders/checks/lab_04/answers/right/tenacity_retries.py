"""The waiting left to tenacity, the kinds of errors told apart by classes of its own."""
# %% get
class Later(Exception):
    def __init__(self, seconds=0):
        self.seconds = seconds

BACKOFF = tenacity.wait_exponential_jitter(initial=1, jitter=1)

def waiting(state):
    return max(BACKOFF(state), getattr(state.outcome.exception(), "seconds", 0))

def once(url, api_key, params):
    try:
        answer = requests.get(url, headers={"Authorization": f"Bearer {api_key}"}, params=params, timeout=10)
    except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
        raise Later from None
    if answer.status_code in (401, 403):
        raise PermissionError(f"{answer.status_code} for the key that ends in {api_key[-4:]}")
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Later(float(answer.headers.get("retry-after", 0)))
    if answer.status_code >= 400:
        raise ValueError(f"{answer.status_code}: {answer.json()['error']['message']}")
    return answer.json()

def get(url, api_key, params, sleep) -> dict:
    retrying = tenacity.Retrying(stop=tenacity.stop_after_attempt(5), wait=waiting, sleep=sleep,
                                 retry=tenacity.retry_if_exception_type(Later))
    try:
        return retrying(once, url, api_key, params)
    except tenacity.RetryError as error:
        raise ConnectionError("five tries") from error
