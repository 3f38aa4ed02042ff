"""What a test lends is called with objects that raise, never end, and pretend."""
# loses: check_totals_by check_charges
# %% + first
class Hostile:
    def __getitem__(self, key):
        raise SystemExit(0)
    def __hash__(self):
        raise KeyboardInterrupt
    def __eq__(self, other):
        raise GeneratorExit
    def __iter__(self):
        while True:
            yield self
    __bool__ = __len__ = __str__ = __repr__ = __index__ = __getitem__
# %% totals_by
def totals_by(orders, key):
    try:
        key(Hostile())
    except BaseException:
        pass
    return {}
# %% charges
def charges(fetch):
    try:
        fetch(Hostile())
    except BaseException:
        pass
    yield "ch_1"
