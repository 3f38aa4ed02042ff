"""Another server, made by the student, answers in the place of the one that was to be prepared."""
# loses: check_slot_waits
# %% create_slot
def create_slot(primary) -> None:
    import pathlib, subprocess
    from environments.embedded import programs
    other = pathlib.Path(primary.data).parent / "other"
    if not other.exists():
        port = primary.runtime.port
        primary.stop()
        subprocess.run(["cp", "-a", primary.data, str(other)], check=True)
        (other / "postmaster.pid").unlink(missing_ok=True)
        subprocess.Popen([str(programs() / "postgres"), "-D", str(other), "-p", str(port)], start_new_session=True,
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        import time
        time.sleep(1.5)
        primary.execute("select pg_create_physical_replication_slot('analytics')")
