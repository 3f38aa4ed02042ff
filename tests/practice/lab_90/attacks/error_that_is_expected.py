"""The error that a test expects, raised always, before anything was tried; and one that pretends to be of every class."""
# loses: check_retry check_charges
# %% retry
class Every(type):
    __instancecheck__ = __subclasscheck__ = lambda *_: True
class Any(ConnectionError, ValueError, metaclass=Every):
    pass
def retry(times):
    def decorate(function):
        def call(*args, **kwargs):
            raise Any("declined")
        return call
    return decorate
# %% charges
def charges(fetch):
    yield "ch_1"
    raise StopIteration
