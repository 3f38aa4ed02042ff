"""Returns None after the last try."""
# loses: check_retry
# %% retry
def retry(times):
    def decorate(function):
        def call(*args, **kwargs):
            for _ in range(times):
                try:
                    return function(*args, **kwargs)
                except ConnectionError:
                    pass
        return call
    return decorate
