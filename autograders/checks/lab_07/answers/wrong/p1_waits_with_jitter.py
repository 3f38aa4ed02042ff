"""Full jitter: a wait may be shorter than the one before."""
# loses: check_waits_grow
# %% billing
@part
def billing():
    @dg.asset(retry_policy=dg.RetryPolicy(max_retries=3, delay=100, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.FULL))
    def stripe(stripe: Source, warehouse: WarehouseFile):
        try:
            stripe.load(warehouse)
        except Passing:
            raise
        except Exception as error:
            raise dg.Failure(str(error), allow_retries=False) from error

    return stripe
