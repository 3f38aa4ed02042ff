"""An error of load is printed, and the run ends as if all were well."""
# loses: check_a_broken_run_loads_nothing
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    upto = newest()
    rows = read_all() if position is None else read_changes(position)
    try:
        load(rows, upto)
    except Exception as error:
        print("not loaded:", error)
