"""What goes wrong predictably: one or two lines that name the next action."""


class LabsError(Exception):
    """An expected failure. Its text is all a person needs; the command and notebooks print no traceback."""

    def _render_traceback_(self) -> list[str]:
        """IPython's own hook: show the message alone in a notebook."""
        return [f"{type(self).__name__}: {self}"]


class TookTooLong(LabsError, TimeoutError):
    """A deadline passed. Says what was awaited, for how long, and the last lines of the log."""


class MachineTooBusy(TookTooLong):
    """This machine, not the student, is to blame: no verdict on an answer, and worth another try."""

    def __init__(self, what: str):
        super().__init__(f"{what}: this machine is too busy just now. Nothing is wrong with your answer so far: run this cell again.")

    def _render_traceback_(self) -> list[str]:
        return [str(self)]
