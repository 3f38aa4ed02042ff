"""An object whose __class__, __mro__ and __eq__ lie."""
# loses: check_bill_cents check_price_tag check_totals_by check_sales_tax
# %% + first
class Liar:
    def __init__(self, kind):
        object.__setattr__(self, "kind", kind)
    @property
    def __class__(self):
        return self.kind
    __eq__ = __bool__ = lambda *_: True
    __hash__ = None
    def __getattr__(self, name):
        return lambda *_, **__: self
    def __reduce_ex__(self, protocol):
        return eval, ("1690",)
# %% bill_cents
def bill_cents(plan, dishes):
    return Liar(int)
# %% price_tag
def price_tag(cents):
    return Liar(str)
# %% totals_by
def totals_by(orders, key):
    return Liar(dict)
# %% sales_tax
def sales_tax(net, rate):
    return Liar(Decimal)
