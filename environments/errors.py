"""What goes wrong predictably: one or two lines that name the next action."""

import re


class LabsError(Exception):
    """An expected failure: `what` happened, and what to do `next`. The command and notebooks print no traceback.

    Of a text given alone, the first line is what happened, or of a single line its first sentence; the rest is next.
    """

    def __init__(self, what: str, next: str | None = None):
        super().__init__(what, *(() if next is None else (next,)))
        self.what, self.next = _split(what) if next is None else (what, next)

    def __str__(self) -> str:
        return "\n".join(filter(None, self.args))

    def _render_traceback_(self) -> list[str]:
        """IPython's own hook: show the message alone in a notebook."""
        return [f"{type(self).__name__}: {self}"]


class TookTooLong(LabsError, TimeoutError):
    """A deadline passed. Says what was awaited, for how long, and the last lines of the log."""


class MachineTooBusy(TookTooLong):
    """This machine, not the student, is to blame: no verdict on an answer, and worth another try."""

    def __init__(self, what: str):
        super().__init__(
            f"{what}: this machine is too busy just now. Nothing is wrong with your answer so far: run this cell again."
        )

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def _split(text: str) -> tuple[str, str]:
    if "\n" in text:
        what, next = text.split("\n", 1)
        return what, next
    sentences = re.fullmatch(r"(.+?[.?!)]) ([A-Z`].*)", text)
    return (sentences[1], sentences[2]) if sentences else (text, "")
