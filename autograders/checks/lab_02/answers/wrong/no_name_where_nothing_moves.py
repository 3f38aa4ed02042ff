"""Says nothing where no input makes a difference."""
# loses: check_matters_most
# %% matters_most
def matters_most(cost, company, ranges) -> str:
    best, most = None, 0
    for name, (low, high) in ranges.items():
        difference = abs(cost({**company, name: high}) - cost({**company, name: low}))
        if difference > most:
            best, most = name, difference
    return best
