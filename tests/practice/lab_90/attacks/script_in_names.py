"""Script tags and terminal codes as names of functions, parameters and documentation."""
# loses: check_price_tag check_bill_cents
# %% price_tag
def price_tag(cents):
    return "\x1b]0;owned\x07\x1b[2J<script>"
price_tag.__name__ = price_tag.__qualname__ = "<script>alert('labs-attack-script')</script>"
price_tag.__doc__ = "</textarea><script>"
price_tag.__signature__ = "<script>"
# %% bill_cents
class bill_cents:
    def __new__(cls, *_):
        error = RuntimeError("x")
        error.line = "<script>alert(1)</script>"
        error.add_note("<script>alert(2)</script>")
        raise error
