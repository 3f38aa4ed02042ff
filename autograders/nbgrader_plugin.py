"""What nbgrader's own commands call when they run a submission of this course."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.preprocessors import Execute
from nbgrader.utils import setenv

from datasets.world import seed_of
from environments import services
from environments.embedded import home
from environments.workspace import Workspace


class RunAlone(Execute):
    """nbgrader's Execute in a workspace made for this submission, with its student's world, gone afterwards."""

    def preprocess(self, nb, resources):
        with workspace_of(resources["nbgrader"]["student"]):
            return super().preprocess(nb, resources)


@contextmanager
def workspace_of(student: str) -> Iterator[None]:
    """A workspace of their own for all that is started meanwhile; templates are shared with ours."""
    templates = os.environ.get("LABS_TEMPLATES") or str(home(Workspace.here().root) / "templates")
    folder = Path(tempfile.mkdtemp(prefix="labs-graded-"))
    folder.chmod(0o755)  # as root, the servers' account enters it
    try:
        with setenv(LABS_HOME=str(folder), LABS_SEED=str(seed_of(student)), LABS_TEMPLATES=templates):
            yield
    finally:
        services.reset(Workspace(folder))
        shutil.rmtree(folder, ignore_errors=True)
