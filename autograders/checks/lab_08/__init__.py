"""What the test cells of Lab 8 call: one function a graded point."""

from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction


@repeatable
def share(function) -> None:
    """Fixed cases and drawn ones: nothing of a whole, all of it, nothing to divide by, and shares that are no whole numbers."""
    asked = CheckedFunction(function, look="100 times the part over the whole, rounded at the end; and what if the whole is 0?")
    whole = draw.randint(50, 500)
    for part, of in ((2, 3), (1, 3), (0, 7), (7, 7), (0, 0), (1, 1000), (draw.randint(1, whole), whole)):
        got = asked.number(part, of, when=f"with part = {part}, whole = {of}")
        due = 100 * part / of if of else 0.0
        asked.expect(abs(got - due) <= 0.05 + 1e-9, "the part in per cent of the whole")
        asked.expect(abs(round(got, 1) - got) < 1e-9, "a number rounded to one decimal")
