"""Steps of one."""
# loses: check_break_even
# %% break_even
def break_even(first, second, low, high):
    if second(high) > first(high):
        return None
    best = None
    for x in range(int(high), int(low) - 1, -1):
        if second(x) <= first(x):
            best = x
        else:
            break
    return best
