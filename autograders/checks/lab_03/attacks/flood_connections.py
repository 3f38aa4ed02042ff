"""All connections of the server taken, and kept."""
# loses: check_primary_can_stream check_slot_waits
# %% + first
kept = []
def flood(server):
    import psycopg
    try:
        while len(kept) < 400:
            manager = server.connect()
            kept.append((manager, manager.__enter__()))
    except psycopg.Error:
        pass
# %% make_ready
def make_ready(primary) -> None:
    flood(primary)
# %% create_slot
def create_slot(primary) -> None:
    flood(primary)
