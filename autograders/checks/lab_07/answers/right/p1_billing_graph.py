'''A graph asset: the step is an op, stripe.fetch; waits grow by addition; what cannot pass is told from what can by its type.'''
# %% billing
@part
def billing():
    patience = dg.RetryPolicy(max_retries=3, delay=240, backoff=dg.Backoff.LINEAR)

    @dg.op(retry_policy=patience, out=dg.Out(dg.Nothing))
    def fetch(stripe: Source, warehouse: WarehouseFile):
        try:
            stripe.load(warehouse)
        except Exception as error:
            if isinstance(error, Passing):
                raise
            raise dg.Failure(description=f"{type(error).__name__}: {error}",
                             allow_retries=False) from error

    @dg.graph_asset(name="stripe")
    def whole():
        return fetch()

    return whole
