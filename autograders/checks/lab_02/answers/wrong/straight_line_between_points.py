"""Takes the curves for straight lines between two points of the grid; they may have steps."""
# loses: check_break_even
# %% break_even
def break_even(first, second, low, high):
    pts = [low + (high - low) * s / 200 for s in range(201)]
    bad = [i for i, x in enumerate(pts) if second(x) > first(x)]
    if not bad: return low
    if bad[-1] == 200: return None
    l, r = pts[bad[-1]], pts[bad[-1] + 1]
    a, b = second(l) - first(l), first(r) - second(r)
    return l + (r - l) * a / (a + b)
