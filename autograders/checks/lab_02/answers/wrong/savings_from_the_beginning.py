"""Savings are added up from today, before one has moved."""
# loses: check_move_when
# %% move_when
def move_when(stay, move, moving_cost, horizon):
    saved = 0
    for m in range(len(stay) - horizon + 1):
        saved += stay[m] - move[m]
        if saved >= moving_cost:
            return m
    return None
