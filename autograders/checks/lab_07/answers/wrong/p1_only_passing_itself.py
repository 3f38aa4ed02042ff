"""Half an answer is Passing as well, as a class made from it."""
# loses: check_waits_grow
# %% billing
@part
def billing():
    @dg.asset(retry_policy=dg.RetryPolicy(max_retries=3, delay=60, backoff=dg.Backoff.EXPONENTIAL))
    def stripe(stripe: Source, warehouse: WarehouseFile):
        try:
            stripe.load(warehouse)
        except Exception as error:
            if type(error) is Passing:
                raise
            raise dg.Failure(str(error), allow_retries=False) from error

    return stripe
