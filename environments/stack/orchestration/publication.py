"""The marts, published: a file for those who read, renamed when it is whole. Where a model or a blocking check fails,
readers keep the numbers of the day before."""

from collections.abc import Iterable, Sequence

import dagster as dg

from environments.stack.orchestration.feeds import DUTIES
from environments.stack.orchestration.loads import PATIENTLY, WAREHOUSE, failing_clearly
from environments.stack.orchestration.resources import WarehouseFile
from environments.stack.publishing import publish


class PublicFolder(dg.ConfigurableResource):
    """Where readers find the published files."""

    path: str

    def put(self, warehouse: WarehouseFile, name: str, tables: Sequence[str]) -> None:
        publish(warehouse.path, f"{self.path}/{name}.duckdb", tables=tables)


def published(models: Iterable[dg.AssetsDefinition]) -> list[dg.AssetsDefinition]:
    """An asset for the marts of each step of dbt."""
    return [_published(step.op.name.removesuffix("_models"), _marts(step)) for step in models]


def _marts(step: dg.AssetsDefinition) -> list[str]:
    return sorted(key.path[-1] for key in step.keys if key.path[-1].startswith(("fct_", "dim_")))


def _published(name: str, marts: list[str]) -> dg.AssetsDefinition:
    duty = DUTIES[f"{name}_published"]

    @dg.asset(name=f"{name}_published", deps=marts, group_name="published", owners=[duty.owner],
              tags={"alert": duty.severity}, pool=WAREHOUSE, retry_policy=PATIENTLY,
              description=f"For readers: {', '.join(marts)}.")
    def asset(warehouse: WarehouseFile, public: PublicFolder) -> dg.MaterializeResult:
        with failing_clearly():
            public.put(warehouse, name, marts)
        return dg.MaterializeResult(metadata={"tables": len(marts)})

    return asset
