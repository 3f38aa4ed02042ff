"""Months whose horizon goes beyond the forecast count."""
# loses: check_move_when
# %% move_when
def move_when(stay, move, moving_cost, horizon):
    for m in range(len(stay)):
        if sum(stay[m:m + horizon]) - sum(move[m:m + horizon]) >= moving_cost:
            return m
    return None
