"""A tracking plan from a file or a text."""

from pathlib import Path

from environments.errors import LabsError
from environments.tracking.diagnostics import ERROR, Diagnostic, NotAPlan
from environments.tracking.form import misshapen
from environments.tracking.plan import Plan, build
from environments.tracking.yaml_text import MAX_BYTES, BadYaml, documents

SHOWN = 50  # of what is wrong with the form


def read(path: Path | str) -> Plan:
    """The plan in a file. Raises LabsError where the file cannot be read, NotAPlan where it is none."""
    return plan_of(content_of(path), str(path))


def content_of(path: Path | str) -> bytes:
    """A file's bytes, as many as a plan may have and one more."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as e:
        next = "Name a tracking plan's file, such as plan.yaml."
        raise LabsError(f"{path} cannot be read: {e.strerror}.", next) from None


def plan_of(text: str | bytes, file: str = "plan.yaml") -> Plan:
    """The plan that a text says. Raises NotAPlan."""
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        found = documents(content)
    except BadYaml as e:
        raise NotAPlan([Diagnostic("TP000", ERROR, file, e.line, e.where, e.message, e.next)]) from None
    if not found:
        next = "Write the plan: `name:`, `version:`, `events:`."
        raise NotAPlan([Diagnostic("TP000", ERROR, file, 1, "", "the file is empty.", next)])
    wrong = [Diagnostic("TP001", ERROR, file, found[0].line(at), at, message, next)
             for at, message, next in misshapen(found[0].data)]
    if wrong:
        raise NotAPlan(sorted(wrong, key=lambda each: (each.line, each.pointer))[:SHOWN])
    return build(found[0], file)
