"""The last try says only that it gave up."""
# loses: check_waits_grow
# %% billing
@part
def billing():
    @dg.asset
    def stripe(context: dg.AssetExecutionContext, stripe: Source, warehouse: WarehouseFile):
        try:
            stripe.load(warehouse)
        except Passing:
            if context.retry_number < 3:
                raise dg.RetryRequested(max_retries=3, seconds_to_wait=(60, 180, 420)[context.retry_number]) from None
            raise dg.Failure("stripe was asked four times", allow_retries=False) from None

    return stripe
