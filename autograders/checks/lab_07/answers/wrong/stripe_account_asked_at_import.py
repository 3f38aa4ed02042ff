"""Opens its session when the part is loaded, and asks whether Stripe answers."""
# loses: check_keys_stay_secret
# %% stripe_account
@part
def stripe_account() -> list:
    import os

    import requests

    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {os.environ.get('STRIPE_API_KEY', '')}"

    @dg.asset(name="stripe_account", owners=["team:data"], tags={"alert": "page"})
    def account() -> dg.MaterializeResult:
        answer = session.get(os.environ["STRIPE_URL"], timeout=10)
        if answer.status_code != 200:
            raise dg.Failure(f"Stripe answered {answer.status_code}", allow_retries=False)
        return dg.MaterializeResult(metadata={"charges": answer.json()["charges"]})

    return [account]
