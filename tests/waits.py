"""How long a test waits for what comes at once on a machine with nothing else to do."""

HANG = 300  # seconds: only what hangs takes so long, on however slow a machine


def hang(argument: dict) -> None:
    """Work that does not end."""
    while True:
        pass
