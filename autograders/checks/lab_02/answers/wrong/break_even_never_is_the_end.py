"""The high end where the second never becomes cheaper."""
# loses: check_break_even
# %% break_even
def break_even(first, second, low, high):
    points = [low + (high - low) * i / 2000 for i in range(2001)]
    dearer = [x for x in points if second(x) > first(x)]
    return dearer[-1] if dearer else low
