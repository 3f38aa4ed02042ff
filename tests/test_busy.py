"""A slow machine is not taken for a wrong answer: no wait blames somebody for seconds in which nothing could run."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograders.checks.lab_04 import warehouse
from autograders.checks.lab_04.apis import Shop, serving
from autograders.expect import CheckedFunction, CheckFailed
from autograders.grading.deadline import Deadline
from environments import busy, connector
from environments.busy import FairClock, share
from environments.errors import LabsError, MachineTooBusy, TookTooLong
from environments.saas import handle
from environments.saas.handle import BackDoor
from environments.waiting import wait_until

SERVER = """
import http.server, os
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def machine(monkeypatch):
    """Says how much of a processor there is for each that wants one."""
    now = SimpleNamespace(share=1.0)
    monkeypatch.setattr(busy, "share", lambda: now.share)
    monkeypatch.setattr(busy, "_throttled", lambda: 0.0)
    return now


@pytest.fixture
def time_passes(monkeypatch):
    """Moves the clock."""
    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(busy.time, "monotonic", lambda: now.seconds)

    def pass_(seconds: float) -> None:
        now.seconds += seconds

    return pass_


# The clock

def _spin(begun) -> None:
    begun.release()
    while True:
        pass


@pytest.mark.slow
def test_more_busy_processes_than_processors_leave_less_for_each():
    number = 4 * (os.cpu_count() or 1)
    begun = multiprocessing.Semaphore(0)
    spinning = [multiprocessing.Process(target=_spin, args=[begun], daemon=True) for _ in range(number)]
    try:
        for process in spinning:
            process.start()
        for _ in spinning:
            assert begun.acquire(timeout=60)
        wait_until(lambda: share() < 0.5, 60, "the load to show")
    finally:
        for process in spinning:
            process.kill()
            process.join()


@pytest.mark.parametrize(
    "part, seconds", [(1.0, 12), (0.5, 6), (0.01, 4)], ids=["idle", "half", "hardly any: a third at least"]
)
def test_a_second_counts_as_far_as_the_machine_worked(machine, time_passes, part, seconds):
    machine.share, clock = part, FairClock()
    time_passes(12)
    assert (clock.seconds(), clock.share) == pytest.approx((seconds, part))


def test_who_was_stopped_saw_nothing_of_that_time(machine, time_passes):
    clock = FairClock(longest=1)
    time_passes(3600)
    assert clock.seconds() == 1


def test_a_container_that_is_held_back_by_its_limit_is_slow(machine, time_passes, monkeypatch):
    clock = FairClock()
    monkeypatch.setattr(busy, "_throttled", lambda: 6.0)
    time_passes(10)
    assert clock.seconds() == pytest.approx(4)


def test_a_fair_wait_is_longer_on_a_busy_machine_and_says_so(machine):
    machine.share = 0.1
    with pytest.raises(TookTooLong, match="This machine is busy: try again.\nits log"):
        wait_until(lambda: False, 0.02, "a server to start", lambda: "its log", fair=True)


# Checks

def stuck():
    while True:
        pass


def test_an_answer_that_had_no_processor_gets_no_verdict(machine):
    machine.share = 0.001
    with pytest.raises(
        MachineTooBusy,
        match="stuck was still running after .*: this machine is too busy just now. .* run this cell again",
    ):
        CheckedFunction(stuck, look="the manual")(within=0.05)


def test_an_answer_that_had_one_and_does_not_end_fails(machine):
    with pytest.raises(CheckFailed, match="was still running"):
        CheckedFunction(stuck, look="the manual")(within=0.05)


class ReadTimeout(OSError):
    """As that of requests."""


@pytest.mark.parametrize("part, verdict", [(0.1, MachineTooBusy), (1.0, CheckFailed)], ids=["busy", "idle"])
def test_whose_fault_a_late_server_is_depends_on_the_machine(machine, monkeypatch, part, verdict):
    machine.share = part
    monkeypatch.setattr("autograders.expect.PATIENT", 0)

    def answer():
        raise ReadTimeout("Read timed out.")

    with pytest.raises(verdict):
        CheckedFunction(answer, look="the manual")()


# The connector

def test_a_connector_that_does_not_end_is_ended(folder, machine):
    with pytest.raises(connector.Unfinished, match="still busy with spec after .* at work"):
        connector.messages(folder, "spec", within=0.01)


def test_what_watches_a_connector_may_end_it(folder):
    def seen():
        raise LabsError("enough")

    with pytest.raises(LabsError, match="enough"):
        connector.messages(folder, "spec", watch=seen)


@pytest.mark.parametrize("worked, verdict", [(3, MachineTooBusy), (55, CheckFailed)], ids=["waited", "worked"])
def test_a_connector_that_waited_for_a_processor_is_not_the_students_fault(machine, monkeypatch, worked, verdict):
    def unfinished(*_, **__):
        raise connector.Unfinished("read", FairClock(), worked)

    monkeypatch.setattr(warehouse.connector, "messages", unfinished)
    with serving(Shop(charges=1)) as saas, pytest.raises(verdict):
        warehouse.said_by(CheckedFunction(dict, look="the manual"), {"type": "DefaultPaginator"}, None, saas)


def test_a_paginator_that_asks_for_page_after_page_is(monkeypatch):
    monkeypatch.setattr(warehouse, "ENDLESS", 0)
    with serving(Shop(charges=1)) as saas, pytest.raises(CheckFailed, match="a connector that stops at the last page"):
        asked = CheckedFunction(dict, look="the manual")
        wait_until(lambda: not _get(saas), 60, "an answer")
        warehouse._expect_an_end(asked, saas)


def _get(saas) -> None:
    import requests

    requests.get(f"{saas.stripe.base_url}/v1/charges", timeout=60)


# What a notebook shows

def test_a_simulator_that_does_not_answer_says_that_the_machine_is_busy(monkeypatch):
    monkeypatch.setattr(handle, "TIMEOUT_S", 0.05)
    with (
        socket.create_server(("127.0.0.1", 0)) as deaf,
        pytest.raises(LabsError, match="this machine is busy. Run this again"),
    ):
        BackDoor(deaf.getsockname()[1], "key").ask("GET", "/_admin/ready")


@pytest.mark.slow
def test_a_request_to_a_stopped_server_is_one_line_in_a_notebook():
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        try:
            port = server.stdout.readline().strip()
            server.send_signal(signal.SIGSTOP)
            cell = new_code_cell("import environments.errors, requests\n"
                                 f"requests.get('http://127.0.0.1:{port}/v1/charges', timeout=0.2)")
            NotebookClient(new_notebook(cells=[cell]), allow_errors=True, kernel_name="python3", timeout=120).execute()
        finally:
            server.kill()
    line, = cell.outputs[0].traceback
    assert line.startswith("no answer to GET /v1/charges in time (ReadTimeout): ") and line.endswith(
        " Run this cell again."
    )


# Grading's own clock

def test_a_deadline_of_grading_is_as_long_as_the_machine_needs(machine, time_passes):
    machine.share, deadline = 0.2, Deadline(30)
    for _ in range(140):
        time_passes(1)
        deadline.left()
    assert (round(deadline.left()), deadline.busy) == (2, False)


def test_a_deadline_that_passed_on_the_busiest_machine_blames_nobody(machine, time_passes):
    machine.share, deadline = 0.01, Deadline(30)
    for _ in range(301):
        time_passes(1)
        deadline.left()
    assert (deadline.left() <= 0, deadline.busy) == (True, True)


def test_a_deadline_within_another_ends_with_it(time_passes, machine):
    outer = Deadline(2)
    inner = Deadline(30, outer)
    for _ in range(2):
        time_passes(1)
        inner.left()
    assert (inner.left() <= 0, inner.busy) == (True, False)


def test_who_starts_a_hundred_processes_waits_for_no_others(monkeypatch):
    monkeypatch.setattr(busy, "_wanting", lambda: 101.0)
    monkeypatch.setattr(busy, "_ours", lambda: 100)
    assert share() == min(1, (os.cpu_count() or 1) / 2)
