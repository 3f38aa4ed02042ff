"""`or None` turns month 0 into None."""
# loses: check_move_when
# %% move_when
def move_when(stay, move, moving_cost, horizon):
    hits = [m for m in range(len(stay) - horizon + 1) if sum(stay[m:m + horizon]) - sum(move[m:m + horizon]) >= moving_cost]
    return (hits[0] if hits else 0) or None
