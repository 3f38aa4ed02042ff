"""All of it: what `dagster dev -m environments.stack.orchestration.definitions` loads.

    TEASPOON_WAREHOUSE, TEASPOON_PUBLIC, TEASPOON_CRM    the warehouse's file; the folders of readers and of the sheet
    TEASPOON_DBT                                         the dbt project, in which `dbt parse` has run
    STRIPE_URL, STRIPE_API_KEY, MIXPANEL_..., ...        addresses and keys: the environment holds them, and no file
    ALERTS_URL, ALERTS_TOKEN, ALERTS_FOLDER, DAGSTER_UI  the webhook, where alerts wait for it, and Dagster's address
    TEASPOON_NOW                                         where the world's clock stands, if it does
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from environments.errors import LabsError
from environments.stack.orchestration import sensors
from environments.stack.orchestration.alerts import Alerts
from environments.stack.orchestration.checks import checks_of
from environments.stack.orchestration.crm import CrmFolder, crm, crm_job
from environments.stack.orchestration.feeds import FEEDS
from environments.stack.orchestration.loads import amplitude, mixpanel, production, stripe
from environments.stack.orchestration.publication import PublicFolder, published
from environments.stack.orchestration.resources import (
    AmplitudeSource,
    Clock,
    Dbt,
    MixpanelSource,
    ProductionSource,
    StripeSource,
    WarehouseFile,
)
from environments.stack.orchestration.schedules import every_morning, morning, reload

SENSORS = [sensors.failed_runs, sensors.recovered_runs, sensors.stale_data, sensors.undelivered_alerts,
           sensors.new_crm_files]


@dg.definitions
def teaspoon() -> dg.Definitions:
    """Made when a tool loads this module, not when it is imported."""
    return definitions(manifest_of(Path(os.environ.get("TEASPOON_DBT", "dbt"))))


def definitions(manifest: Mapping[str, Any]) -> dg.Definitions:
    """The pipeline around a dbt project, of which `manifest` is what `dbt parse` left."""
    from environments.stack.orchestration.models import dbt_models

    return around(dbt_models(manifest))


def around(models: Sequence[dg.AssetsDefinition]) -> dg.Definitions:
    """The pipeline around these two steps, billing_models and customer_models."""
    return dg.Definitions(
        assets=[stripe, mixpanel, amplitude, production, crm, *models, *published(models)],
        asset_checks=[checks_of(name) for name in FEEDS],
        jobs=[morning, reload, crm_job],
        schedules=[every_morning],
        sensors=SENSORS,
        resources=resources(),
        executor=dg.in_process_executor,  # a process for each step would import all of this each time
    )


def manifest_of(folder: Path) -> dict[str, Any]:
    """What dbt knows of a project that was parsed."""
    file = folder / "target" / "manifest.json"
    if not file.exists():
        raise LabsError(f"the dbt project {folder} has not been parsed.", "Run dbt parse in it first.")
    return json.loads(file.read_text(encoding="utf-8"))


def resources() -> dict[str, Any]:
    """By key, from the environment; read when a run begins."""
    env = dg.EnvVar
    return {
        "clock": Clock(stands_at=os.environ.get("TEASPOON_NOW", "")),
        "warehouse": WarehouseFile(path=env("TEASPOON_WAREHOUSE")),
        "public": PublicFolder(path=env("TEASPOON_PUBLIC")),
        "dbt": Dbt(folder=env("TEASPOON_DBT")),
        "stripe": StripeSource(base_url=env("STRIPE_URL"), api_key=env("STRIPE_API_KEY")),
        "mixpanel": MixpanelSource(base_url=env("MIXPANEL_URL"), username=env("MIXPANEL_USERNAME"),
                                   secret=env("MIXPANEL_SECRET"), project_id=env("MIXPANEL_PROJECT_ID")),
        "amplitude": AmplitudeSource(base_url=env("AMPLITUDE_URL"), api_key=env("AMPLITUDE_API_KEY"),
                                     secret_key=env("AMPLITUDE_SECRET_KEY")),
        "production": ProductionSource(dsn=env("PRODUCTION_DSN")),
        "crm_folder": CrmFolder(path=env("TEASPOON_CRM")),
        "alerts": Alerts(url=env("ALERTS_URL"), token=env("ALERTS_TOKEN"), folder=env("ALERTS_FOLDER"),
                         ui=os.environ.get("DAGSTER_UI", ""),
                         heartbeat_url=os.environ.get("ALERTS_HEARTBEAT_URL", "")),
    }
