"""A regular expression that backtracks for years, which no signal interrupts."""
# loses: check_price_tag
# %% price_tag
import re
def price_tag(cents):
    return re.match(r"(a+)+$", "a" * 60 + "!")
