"""Tries an expired key four times."""
# loses: check_a_key_is_tried_once
# %% billing
@part
def billing():
    patience = dg.RetryPolicy(max_retries=3, delay=60, backoff=dg.Backoff.EXPONENTIAL)

    @dg.asset(retry_policy=patience)
    def stripe(stripe: Source, warehouse: WarehouseFile):
        try:
            stripe.load(warehouse)
        except Passing:
            raise
        except Exception as e:
            raise dg.Failure(str(e), allow_retries=True) from e

    return stripe
