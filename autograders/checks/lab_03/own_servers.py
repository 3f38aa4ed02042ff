"""Whether the lab's own servers are as a check has just approved.

A check tries an answer on servers of its own, so the student's may still differ: a cell was not run again, or an
earlier try left something there. That costs no points, but the next part of the lab would surprise: so it is said.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

import psycopg

from autograders.checks.lab_03.servers import (
    ANALYST,
    MAY_READ,
    MAY_READ_PARTLY,
    personal_columns_of,
    powers_of,
    refusal,
    setting,
    strange_replication_rules,
    write_rights_of,
)
from environments.errors import LabsError
from environments.postgres import REPLICATOR, SLOT, Server
from environments.teaspoon import Postgres
from environments.workspace import Workspace, graded

# What differs on the student's primary and standby, and the cure; "" for nothing.
Look = Callable[[Server, Server], str]


def same_here(look: Look) -> Callable:
    """A check that, once it passes, says in one line what differs on the student's own servers."""
    def decorate(check: Callable) -> Callable:
        @wraps(check)
        def checked(*functions) -> None:
            check(*functions)
            if not graded() and (difference := _difference(look)):
                print(f"Right, but your own server differs: {difference}.")
        return checked
    return decorate


def _difference(look: Look) -> str:
    with suppress(LabsError, psycopg.Error, OSError):  # it is a courtesy: a server that cannot be asked is no news here
        if own := _servers():
            return look(*own)
    return ""


def _servers() -> tuple[Server, Server] | None:
    """The lab's own primary and standby, where the primary runs. Starts nothing."""
    production = Postgres(Workspace.here())
    return (production.primary, production.standby) if production.primary.running() else None


# What to look at, in the order of the lab

def ready_to_stream(primary: Server, _) -> str:
    level, senders = setting(primary, "wal_level"), setting(primary, "max_wal_senders")
    fine = level == "replica" and int(senders) >= 3
    return "" if fine else f"wal_level is {level}, max_wal_senders is {senders}. Run make_ready(primary) again"


def has_a_replicator(primary: Server, _) -> str:
    role = primary.row(
        "select rolcanlogin and rolreplication, rolsuper or rolcreaterole or rolcreatedb or rolbypassrls "
        "from pg_roles where rolname = %s",
        [REPLICATOR],
    )
    if role == (True, False):
        return ""
    wrong = "has other rights" if role else "is missing"
    return f"the role {REPLICATOR} {wrong}. Run create_replicator(primary, ...) again"


def admits_a_replicator_alone(primary: Server, _) -> str:
    admitted = primary.rows("select array_to_string(user_name, ',') from pg_hba_file_rules "
                            "where 'replication' = any(database) and auth_method <> 'reject'")
    if strange := strange_replication_rules(primary):
        return f"pg_hba.conf also says {strange[0]}. Take the line out: primary.disallow(line)"
    if others := [user for user, in admitted if user != REPLICATOR]:
        return f"pg_hba.conf admits {others[0]} for replication, too. Take the line out: primary.disallow(line)"
    return "" if admitted else "pg_hba.conf admits nobody for replication. Run admit_replicator(primary) again"


def keeps_a_slot(primary: Server, _) -> str:
    slot = primary.row(
        "select slot_type, temporary, wal_status = 'lost' from pg_replication_slots where slot_name = %s", [SLOT]
    )
    if slot and slot[:2] == ("physical", False) and not slot[2]:  # without WAL to keep yet, it has no status
        return ""
    wrong = "of another kind, or lost" if slot else "missing"
    return f"the slot {SLOT} is {wrong}. Run create_slot(primary) again"


def streams(_, standby: Server) -> str:
    if not standby.running():
        return "the standby does not run. Run build_standby(...) again"
    slot = standby.value("select slot_name from pg_stat_wal_receiver where status = 'streaming'")
    wrong = "streams without the slot" if slot is None else "uses another slot"
    return "" if slot == SLOT else f"the standby {wrong}, or does not stream. Run build_standby(...) again"


def analyst_reads(primary: Server, _) -> str:
    columns = [(table, None) for table in MAY_READ] + [
        (table, column) for table, listed in MAY_READ_PARTLY.items() for column in listed.split(", ")]
    if not _has_analyst(primary):
        return _again("the role analyst is missing")
    missing = [table if column is None else f"{table}.{column}" for table, column in columns if not primary.value(
        "select case when %(c)s::text is null then has_table_privilege(%(r)s, %(t)s, 'select') "
        "else has_column_privilege(%(r)s, %(t)s, %(c)s, 'select') end", {"r": ANALYST, "t": table, "c": column})]
    return _again(f"analyst may not read {missing[0]}") if missing else ""


def analyst_sees_no_person(primary: Server, _) -> str:
    seen = personal_columns_of(primary, ANALYST) if _has_analyst(primary) else []
    return f"analyst may read {seen[0]}. Revoke what an earlier try granted, to analyst or to public" if seen else ""


def analyst_only_reads(primary: Server, _) -> str:
    rights = [*write_rights_of(primary, ANALYST), *powers_of(primary, ANALYST)] if _has_analyst(primary) else []
    return f"analyst has more rights: {rights[0]}. Revoke what an earlier try granted" if rights else ""


def analyst_is_limited(primary: Server, _) -> str:
    role = primary.row("select rolconnlimit, coalesce(rolconfig, '{}') from pg_roles where rolname = %s", [ANALYST])
    if role is None:
        return _again("the role analyst is missing")
    names = {line.partition("=")[0] for line in role[1]}
    fine = 1 <= role[0] <= 5 and {"statement_timeout", "idle_in_transaction_session_timeout"} <= names
    return "" if fine else _again("analyst lacks a limit")


def analyst_is_kept_on_the_standby(primary: Server, standby: Server) -> str:
    password = Workspace.here().secret(ANALYST)
    if not _has_analyst(primary) or not standby.running():
        return ""
    if not refusal(primary, ANALYST, password):
        return "the primary lets analyst in. Run keep_analyst_on_standby(...) again"
    refused = refusal(standby, ANALYST, password)
    return f"the standby refuses analyst ({refused}). Run keep_analyst_on_standby(...) again" if refused else ""


def favours_analysts(_, standby: Server) -> str:
    if not standby.running():
        return ""
    delay = standby.value("select setting::int / 1000 from pg_settings where name = 'max_standby_streaming_delay'")
    if 60 < delay <= 300:
        return ""
    return f"max_standby_streaming_delay is {delay} s there. Run favour_analysts(standby) again"


def bounds_slots(primary: Server, _) -> str:
    unbounded = setting(primary, "max_slot_wal_keep_size") == "-1"
    return "max_slot_wal_keep_size is -1, no bound. Run bound_slots(primary, ...) again" if unbounded else ""


def _has_analyst(primary: Server) -> bool:
    return primary.value("select 1 from pg_roles where rolname = %s", [ANALYST]) is not None


def _again(words: str) -> str:
    return f"{words}. Run create_analyst(primary, ...) again"
