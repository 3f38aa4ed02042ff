"""Logs what it sends."""
# loses: check_keys_stay_secret
# %% stripe_account
@part
def stripe_account() -> list:
    import os

    import requests

    @dg.asset(name="stripe_account", owners=["team:data"], tags={"alert": "page"})
    def account(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        headers = {"Authorization": f"Bearer {os.environ['STRIPE_API_KEY']}"}
        context.log.info(f"GET with {headers}")
        answer = requests.get(os.environ["STRIPE_URL"], headers=headers, timeout=10)
        if answer.status_code != 200:
            raise dg.Failure(f"Stripe answered {answer.status_code}", allow_retries=False)
        return dg.MaterializeResult(metadata={"charges": answer.json()["charges"]})

    return [account]
