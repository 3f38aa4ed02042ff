"""The first crossing, after which it crosses back."""
# loses: check_break_even
# %% break_even
def break_even(first, second, low, high):
    x = low
    while x <= high:
        if second(x) <= first(x):
            return x
        x += (high - low) / 1000
    return None
