"""Takes the file away before it writes the new one: after a kill between, readers find none."""
# loses: check_publications_outlive_kills
# %% published
@part
def published() -> list:
    def reader(name, mart):
        import pathlib

        @dg.asset(name=f"{name}_published", deps=[mart])
        def asset(warehouse: WarehouseFile, public: PublicFolder):
            (pathlib.Path(public.path) / f"{name}.duckdb").unlink(missing_ok=True)
            public.put(warehouse, name, [mart])

        return asset

    return [reader("billing", "fct_mrr"), reader("customer", "dim_customers")]
