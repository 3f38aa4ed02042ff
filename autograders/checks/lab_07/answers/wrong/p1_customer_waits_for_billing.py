"""The second file is published after the first: where that fails, it is not."""
# loses: check_published_when_made
# %% published
@part
def published() -> list:
    @dg.asset(deps=["fct_mrr"])
    def billing_published(warehouse: WarehouseFile, public: PublicFolder):
        public.put(warehouse, "billing", ["fct_mrr"])

    @dg.asset(deps=["dim_customers", "billing_published"])
    def customer_published(warehouse: WarehouseFile, public: PublicFolder):
        public.put(warehouse, "customer", ["dim_customers"])

    return [billing_published, customer_published]
