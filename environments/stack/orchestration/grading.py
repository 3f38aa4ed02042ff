"""What grading needs where answers are pipelines: for the service of a lab that has them."""

from environments.grading_needs import GradingNeeds
from environments.workspace import Workspace

# Warm before the first fork: Dagster takes 4 s to import and to run for the first time, which no answer waits for then.
NEEDS = GradingNeeds(imports=("environments.stack.orchestration.performing",))


class PipelinesService:
    """Pipelines on simulated days: nothing of it runs, or is kept."""

    grading = NEEDS

    def __init__(self, workspace: Workspace):
        self.workspace = workspace

    def up(self) -> list[str]:
        return []

    def down(self) -> list[str]:
        return []

    def status(self) -> list:
        return []

    def places(self) -> dict[str, dict]:
        return {}

    def reset(self) -> None:
        """There is nothing to forget."""
