"""Waits that grow beyond the morning."""
# loses: check_waits_grow
# %% billing
@part
def billing():
    patience = dg.RetryPolicy(max_retries=3, delay=600, backoff=dg.Backoff.EXPONENTIAL)

    @dg.asset(retry_policy=patience)
    def stripe(stripe: Source, warehouse: WarehouseFile):
        try:
            stripe.load(warehouse)
        except Passing:
            raise
        except Exception as e:
            raise dg.Failure(str(e), allow_retries=False) from e

    return stripe
