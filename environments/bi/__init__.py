"""A BI tool of the workspace's own: Apache Superset, in an environment of its own.

    from environments.bi import bi

    tool = bi()                                   # attach; start it, and install it first, where need be
    tool                                          # a link to its pages, through JupyterLab
    tool.ask("GET", "/dashboard/")                # its REST API, as its administrator
    viewer = tool.as_user("viewer", "password")   # as somebody else
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from environments.bi.client import BiClient


def bi() -> "BiClient":
    """The workspace's BI tool, running: see environments.bi.client. LabsError while a notebook is graded: no check
    needs it, and a grading machine may not have it."""
    from environments.bi.service import BiService
    from environments.causes import named
    from environments.errors import LabsError
    from environments.workspace import Workspace, graded

    if graded():
        raise LabsError("Superset does not run while a notebook is graded.", "No point depends on it.")
    workspace = Workspace.here()
    BiService.install()  # before the workspace's lock: it may take minutes, and other services need not wait
    with named(), workspace.lock():
        service = BiService(workspace)
        service.up()
    return service.client()
