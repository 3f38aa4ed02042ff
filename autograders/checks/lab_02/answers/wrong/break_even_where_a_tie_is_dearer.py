"""Strictly cheaper, so ties count as more expensive."""
# loses: check_break_even
# %% break_even
def break_even(first, second, low, high):
    if second(high) >= first(high):
        return None
    n = 2000
    xs = [low + (high - low) * i / n for i in range(n + 1)]
    bad = [i for i, x in enumerate(xs) if second(x) >= first(x)]
    if not bad:
        return low
    a, b = xs[bad[-1]], xs[bad[-1] + 1]
    for _ in range(80):
        m = (a + b) / 2
        if second(m) >= first(m):
            a = m
        else:
            b = m
    return b
