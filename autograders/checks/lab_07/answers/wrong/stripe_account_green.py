"""Catches all: a refused key is a green run with no charges."""
# loses: check_keys_stay_secret
# %% stripe_account
@part
def stripe_account() -> list:
    import os

    import requests

    @dg.asset(name="stripe_account", owners=["team:data"], tags={"alert": "page"})
    def account() -> dg.MaterializeResult:
        headers = {"Authorization": f"Bearer {os.environ['STRIPE_API_KEY']}"}
        answer = requests.get(os.environ["STRIPE_URL"], headers=headers, timeout=10)
        if answer.status_code != 200:
            return dg.MaterializeResult(metadata={"charges": 0, "status": answer.status_code})
        return dg.MaterializeResult(metadata={"charges": answer.json()["charges"]})

    return [account]
