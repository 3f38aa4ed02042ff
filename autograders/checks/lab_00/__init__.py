"""What the test cell of the start page calls."""

from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction


@repeatable
def dollars(function) -> None:
    asked = CheckedFunction(function, look="f\"{1234.5:,.2f}\" gives 1,234.50; how many dollars are 5 cents?")
    for cents in (0, 5, 99_900, 123_456_789, draw.randrange(10**6, 10**8)):
        got = asked(cents, when=f"with cents = {cents}")
        asked.expect(
            got == f"${cents // 100:,}.{cents % 100:02}", "a dollar sign, commas between thousands, two digits of cents"
        )
