"""Prints a lot, warns on stderr, logs, and works in threads of its own."""
# %% p95
import warnings

def p95(milliseconds) -> float:
    warnings.warn("p95 of a small sample means little")
    print("samples:", milliseconds)
    ordered = sorted(milliseconds)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
# %% make_ready
import sys

def make_ready(primary) -> None:
    print("x" * 100_000)
    print("setting wal_level", file=sys.stderr)
    primary.configure(wal_level="replica")
    primary.configure(max_wal_senders="4")
    primary.restart(within=60)
# %% lag_bytes
from concurrent.futures import ThreadPoolExecutor

def lag_bytes(primary, standby) -> int:
    with ThreadPoolExecutor(2) as pool:
        replayed = pool.submit(standby.value, "select pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')").result()
        written = pool.submit(primary.value, "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')").result()
    print("behind by", written - replayed, file=sys.stderr)
    return float(written - replayed)
# %% wait_until_fresh
import asyncio
import logging

def wait_until_fresh(primary, standby, within) -> None:
    logging.getLogger("fresh").warning("waiting")
    due = primary.value("select pg_current_wal_flush_lsn()")
    fresh, end = threading.Event(), threading.Event()

    def look():
        while not end.is_set():
            if standby.value("select %s::pg_lsn <= pg_last_wal_replay_lsn()", [due]):
                fresh.set()
                return
            time.sleep(0.02)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        if not fresh.wait(within):
            raise TimeoutError(f"{due} is not there yet")
    finally:
        end.set()
        watcher.join()
# %% favour_analysts
def favour_analysts(standby) -> None:
    print("favouring analysts")
    standby.configure(max_standby_streaming_delay="2min", max_standby_archive_delay="2min", hot_standby_feedback="off")
# %% month_end
def month_end(primary, standby, password) -> tuple:
    warnings.warn("month-end takes a while")
    standby.catch_up(within=10)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(standby.row, MONTH_END, user="analyst", password=password).result()
