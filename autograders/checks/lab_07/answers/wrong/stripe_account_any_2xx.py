"""Only what urllib raises fails: 202 with a number is taken for the answer."""
# loses: check_keys_stay_secret

# %% stripe_account
@part
def stripe_account() -> list:
    import json
    import os
    import urllib.error
    import urllib.request

    @dg.asset(owners=["team:data"], tags={"alert": "page"})
    def stripe_account(context: dg.AssetExecutionContext):
        request = urllib.request.Request(os.environ["STRIPE_URL"], headers={
            "Authorization": f"Bearer {os.environ['STRIPE_API_KEY']}"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, b""
        if status >= 300:
            raise dg.Failure(f"Stripe answered {status}", allow_retries=False)
        return dg.MaterializeResult(metadata={"charges": json.loads(body)["charges"]})

    return [stripe_account]
