"""The dbt models as assets, in two steps: what only billing needs is built also where the product's events are missing.

The graph is dagster-dbt's. What runs it is not its DbtCliResource, which starts dbt as a program of its own: 15 s of
processor time to import and parse for two seconds of work. Our resource runs it in a process forked from one that has
dbt imported (environments.stack.dbt_project). Importing dagster-dbt takes 2 s as well, which is why nothing else here
does.
"""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from environments.stack.dbt_project import DbtRun, NodeRun
from environments.stack.orchestration.feeds import DUTIES
from environments.stack.orchestration.loads import WAREHOUSE, failing_clearly
from environments.stack.orchestration.resources import Dbt, WarehouseFile

CUSTOMERS = "source:production+ source:mixpanel+ source:amplitude+ source:crm+"  # and what depends on them
MADE = ("model", "seed", "snapshot")
UNIQUE_ID = "dagster_dbt/unique_id"


class Translator(DagsterDbtTranslator):
    """All tables of a source are one asset: the load that fills them."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        duty = DUTIES["customer_models"]
        return spec.merge_attributes(owners=[duty.owner]).replace_attributes(group_name="dbt")

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey(dbt_resource_props["source_name"])
        return dg.AssetKey(dbt_resource_props["name"])


def dbt_models(manifest: Mapping[str, Any]) -> list[dg.AssetsDefinition]:
    """Both steps, from what `dbt parse` left."""
    translator = Translator(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))
    chosen = {"billing_models": {"exclude": CUSTOMERS}, "customer_models": {"select": CUSTOMERS}}
    return [_step(name, manifest, translator, **which) for name, which in chosen.items()]


def _step(name: str, manifest: Mapping[str, Any], translator: Translator, **which: Any) -> dg.AssetsDefinition:
    @dbt_assets(name=name, manifest=manifest, dagster_dbt_translator=translator, pool=WAREHOUSE,
                op_tags={"alert": DUTIES[name].severity}, **which)
    def models(context: dg.AssetExecutionContext, dbt: Dbt, warehouse: WarehouseFile):
        with failing_clearly():
            specs = {spec.metadata[UNIQUE_ID]: spec for spec in _in_order(context.assets_def.specs)
                     if spec.key in context.selected_asset_keys}
            run = dbt.build(warehouse, list(specs))
            checks = {check.metadata[UNIQUE_ID]: check for check in context.assets_def.check_specs
                      if check.key in context.selected_asset_check_keys}
            yield from _results(run, specs, checks)
            if not run.success:
                raise dg.Failure(run.why(), allow_retries=False)

    return models


def _in_order(specs: Iterable[dg.AssetSpec]) -> list[dg.AssetSpec]:
    """Each after those that it is made from."""
    by_key = {spec.key: spec for spec in specs}
    order = TopologicalSorter({key: {dep.asset_key for dep in spec.deps} for key, spec in by_key.items()})
    return [by_key[key] for key in order.static_order() if key in by_key]


def _results(run: DbtRun, specs: dict[str, dg.AssetSpec], checks: dict[str, dg.AssetCheckSpec]) -> Iterator:
    """What came of each node, models before their tests."""
    for node in sorted(run.nodes, key=lambda node: node.kind not in MADE):
        if node.id in specs and node.passed:
            yield dg.MaterializeResult(asset_key=specs[node.id].key, metadata=_metadata(node))
        elif node.id in checks and node.status != "skipped":
            yield dg.AssetCheckResult(
                asset_key=checks[node.id].asset_key, check_name=checks[node.id].name, passed=node.status == "pass",
                severity=dg.AssetCheckSeverity.WARN if node.passed else dg.AssetCheckSeverity.ERROR,
                description=node.message or None)


def _metadata(node: NodeRun) -> dict[str, Any]:
    rows = {} if node.rows is None or node.rows < 0 else {"dagster/row_count": node.rows}
    return {"seconds": round(node.seconds, 3), **rows}
