"""Step by step."""
# %% kept_for
def kept_for(chart, dataset, database, default):
    if chart is not None:
        wins = chart
    elif dataset is not None:
        wins = dataset
    else:
        wins = database
    if wins is None or wins == 0:
        wins = default
    return 0 if wins == -1 else wins
