"""Tries a declined card again."""
# loses: check_retry
# %% retry
def retry(times):
    def decorate(function):
        def call(*args, **kwargs):
            for attempt in range(times):
                try:
                    return function(*args, **kwargs)
                except Exception:
                    if attempt == times - 1:
                        raise
        return call
    return decorate
