"""The source: the streams of manifest.yaml, and charges."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource
from airbyte_cdk.sources.streams.concurrent.abstract_stream import AbstractStream

from environments.stack.source_stripe_teaspoon.charges import charges

MANIFEST = Path(__file__).with_name("manifest.yaml")


class SourceStripeTeaspoon(ConcurrentDeclarativeSource):
    """Stripe for Teaspoon. Catalog, config and state are None for `spec`."""

    def __init__(self, catalog=None, config: Mapping[str, Any] | None = None, state: list | None = None):
        super().__init__(catalog, config, state, source_config=yaml.safe_load(MANIFEST.read_text()))

    def streams(self, config: Mapping[str, Any]) -> list[AbstractStream]:
        return [
            *super().streams(config),
            charges(self._config, self._connector_state_manager, self._message_repository),
        ]
