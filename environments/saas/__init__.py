"""Stripe, Mixpanel and Amplitude as Teaspoon uses them, simulated on this machine over one generated world.

    from environments.saas import saas, Simulator

`saas()` is the workspace's own, which outlives kernels; `Simulator` is one for a block, in this process.
"""


def saas():
    """The workspace's simulator, running: a `Saas`, see environments.saas.handle."""
    from environments.causes import named
    from environments.saas.service import SaaS
    from environments.workspace import Workspace

    workspace = Workspace.here()
    with named(), workspace.lock():
        service = SaaS(workspace)
        service.up()
    return service.client()


def __getattr__(name: str):
    if name != "Simulator":
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from environments.saas.simulator import Simulator

    return Simulator
