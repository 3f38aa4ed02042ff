"""The call passes no named arguments on."""
# loses: check_retry
# %% retry
def retry(times):
    def decorate(function):
        def call(*args):
            for _ in range(times - 1):
                try:
                    return function(*args)
                except ConnectionError:
                    pass
            return function(*args)
        return call
    return decorate
