"""What a run did, stream by stream, and what it could not do."""

from dataclasses import dataclass, field

from environments.stack.ingest.errors import IngestError
from environments.stack.ingest.streams import Stream
from environments.stack.ingest.warehouse import LoadCounts, Warehouse


@dataclass
class LoadReport:
    """`counts` and `failures` by "source.stream"; `requests` by source."""

    counts: dict[str, LoadCounts] = field(default_factory=dict)
    failures: dict[str, IngestError] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)

    def add(self, stream: Stream, counts: LoadCounts) -> None:
        name = f"{stream.source}.{stream.name}"
        self.counts[name] = self.counts.get(name, LoadCounts()) + counts

    def failed(self, stream: Stream, why: IngestError) -> None:
        self.failures[f"{stream.source}.{stream.name}"] = why

    def quarantined(self, warehouse: Warehouse, stream: Stream) -> None:
        """A failure that says what is wrong with the records that were set aside."""
        reasons = "; ".join(f"{many} because {why}" for why, many in warehouse.reasons(stream)[:3])
        self.failed(
            stream,
            IngestError(
                f"{stream.source} {stream.name}: records were set aside, not loaded: {reasons}.\n"
                "See ingest.quarantine and ingest.drift; fix the contract or the source. "
                "They are read again on the next run."
            ),
        )

    def __str__(self) -> str:
        done = [
            f"{name:34} {c.read:9,} read {c.added:9,} new {c.changed:7,} changed {c.duplicate:7,} twice "
            f"{c.quarantined:5,} set aside"
            for name, c in self.counts.items()
        ]
        return "\n".join([*done, *(f"{name}: {why}" for name, why in self.failures.items())])
