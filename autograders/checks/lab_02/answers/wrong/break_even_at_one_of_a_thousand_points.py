"""Returns a grid point, no refinement (error up to 0.1 % of the range, not of x)."""
# loses: check_break_even
# %% break_even
def break_even(first, second, low, high):
    if second(high) > first(high):
        return None
    n = 1000
    step = (high - low) / n
    for i in range(n):
        x = high - i * step
        if second(x) > first(x):
            return x + step
    return low
