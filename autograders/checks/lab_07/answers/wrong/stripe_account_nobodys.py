"""An asset of nobody."""
# loses: check_somebody_owns_it
# %% stripe_account
@part
def stripe_account() -> list:
    import os

    import requests

    @dg.asset(name="stripe_account", tags={"alert": "page"})
    def account() -> dg.MaterializeResult:
        headers = {"Authorization": f"Bearer {os.environ['STRIPE_API_KEY']}"}
        answer = requests.get(os.environ["STRIPE_URL"], headers=headers, timeout=10)
        if answer.status_code != 200:
            raise dg.Failure(f"Stripe answered {answer.status_code}", allow_retries=False)
        return dg.MaterializeResult(metadata={"charges": answer.json()["charges"]})

    return [account]
