"""Bisection between the ends, which lands on any root."""
# loses: check_break_even
# %% break_even
def break_even(first, second, low, high):
    if second(high) > first(high):
        return None
    left, right = low, high
    for _ in range(50):
        middle = (left + right) / 2
        left, right = (middle, right) if second(middle) > first(middle) else (left, middle)
    return left if right - left > 1 else max(left, 2 * low)
