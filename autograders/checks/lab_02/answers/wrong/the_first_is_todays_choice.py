"""Takes first as today's choice."""
# loses: check_worth_knowing
# %% worth_knowing
def worth_knowing(first, second, company, ranges):
    best, name = 0, None
    for n, ends in ranges.items():
        for v in ends:
            r = first({**company, n: v}) - second({**company, n: v})
            if r > best:
                best, name = r, n
    return name
