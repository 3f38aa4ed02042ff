"""Billing waits for the customers' mart."""
# loses: check_billing_without_the_web
# %% published
@part
def published() -> list:
    def reader(name, mart):
        @dg.asset(name=f"{name}_published", deps=["fct_mrr", "dim_customers"])
        def asset(warehouse: WarehouseFile, public: PublicFolder):
            public.put(warehouse, name, [mart])

        return asset

    return [reader("billing", "fct_mrr"), reader("customer", "dim_customers")]
