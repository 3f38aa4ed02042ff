"""Months are counted from 1."""
# loses: check_move_when
# %% move_when
def move_when(stay, move, moving_cost, horizon):
    for m in range(len(stay) - horizon + 1):
        if sum(stay[m:m + horizon]) - sum(move[m:m + horizon]) >= moving_cost:
            return m + 1
    return None
