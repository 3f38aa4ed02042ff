"""The server's disk filled: with a table, with WAL, with a file beside it."""
# loses: check_slot_waits check_slot_cannot_fill_the_disk
# %% create_slot
import pathlib
def fill(server):
    try:
        with open(pathlib.Path(server.data).parent / "full", "wb") as file:
            while True:
                file.write(b"x" * 2**20)
    except OSError:
        pass
def create_slot(primary) -> None:
    for n in range(4):
        try:
            with open(pathlib.Path(primary.data).parent / f"full{n}", "wb") as file:
                while True:
                    file.write(b"x" * 2**20)
        except OSError:
            pass
# %% bound_slots
def bound_slots(primary, megabytes) -> None:
    primary.execute("create table full_disk as select repeat('x', 1000) from generate_series(1, 100000)")
