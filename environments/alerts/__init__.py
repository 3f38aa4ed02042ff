"""An inbox for alerts, as a company has one at a pager's service: what is wrong, since when, and who is to act.

    from environments.alerts import alerts, receiving

`alerts()` is the workspace's own, which outlives kernels; `receiving()` is one for a block, in this process.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from environments.alerts.handle import InboxClient


def alerts() -> "InboxClient":
    """The workspace's inbox, running: see environments.alerts.handle."""
    from environments.alerts.service import AlertsService
    from environments.causes import named
    from environments.workspace import Workspace

    workspace = Workspace.here()
    with named(), workspace.lock():
        service = AlertsService(workspace)
        service.up()
    return service.client()


@contextmanager
def receiving(now: Callable[[], float] = time.time) -> Iterator["InboxClient"]:
    """An inbox in memory while the block runs, for tests and checks; `now` may be a simulated time."""
    from environments.alerts.app import InboxApp
    from environments.alerts.handle import InboxClient
    from environments.alerts.inbox import Inbox
    from environments.saas.hosting import Hosted

    token = secrets.token_urlsafe(18)
    with Hosted({"alerts": InboxApp(Inbox(now=now), token)}) as ports:
        yield InboxClient(ports["alerts"], token)
