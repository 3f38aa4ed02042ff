"""The first month that is cheaper; the cost of moving is forgotten."""
# loses: check_move_when
# %% move_when
def move_when(stay, move, moving_cost, horizon):
    return next((m for m in range(len(stay) - horizon + 1) if stay[m] > move[m]), None)
