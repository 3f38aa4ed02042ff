"""Callbacks that call each other without an end, between the two processes."""
# loses: check_totals_by check_retry
# %% totals_by
class Order(dict):
    pass
class Bottomless:
    def __getitem__(self, key):
        return again(self)
def totals_by(orders, key):
    global again
    again = key
    return key(Bottomless())
# %% retry
def retry(times):
    def decorate(function):
        def call(*args, **kwargs):
            return function(*args, **kwargs) if len(args) > 900 else call(*args, *args, **kwargs)
        return call
    return decorate
