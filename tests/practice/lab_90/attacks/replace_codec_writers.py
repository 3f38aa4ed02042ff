"""The writers of the candidate's codec write servers, classes and tags that are not meant for an examiner."""
# loses: check_bill_cents check_price_tag check_sales_tax check_next_billing
# %% + first
from autograders.grading import codec

class A: pass
class B: pass
class C: pass
class D: pass
codec._WRITERS.update({
    A: lambda v, out: ["server", "/tmp/graded/work", "x", "y", None],
    B: lambda v, out: ["named", "Yes", ["__eq__", "__class__"], [1, 2]],
    C: lambda v, out: ["array", "|O8", [1], b"\x01" * 8],
    D: lambda v, out: ["exec", "__import__('os').system('id')"]})
# %% bill_cents
def bill_cents(plan, dishes):
    return A()
# %% price_tag
def price_tag(cents):
    return B()
# %% sales_tax
def sales_tax(net, rate):
    return C()
# %% next_billing
def next_billing(day):
    return D()
