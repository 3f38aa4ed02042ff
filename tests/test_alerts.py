"""The alerts inbox: what it takes and what it refuses, its incidents, its page, heartbeats, a broken channel, kills."""

import html
import json
import os
import re
import signal
import socket
import threading
from itertools import count

import pytest
import requests

from environments import services
from environments.alerts import alerts, receiving
from environments.alerts.alert import LENGTHS, MAX_BYTES, Refused, alert
from environments.alerts.inbox import MAX_PER_MINUTE, MAX_WATCHERS, Inbox
from environments.alerts.page import MOST, page
from environments.alerts.service import AlertsService
from environments.background import MARK
from environments.errors import LabsError
from environments.saas import log as logs
from environments.waiting import wait_until
from environments.workspace import Workspace
from tests.waits import HANG

FIRING = {
    "key": "stripe_charges/late",
    "status": "firing",
    "severity": "page",
    "what": "stripe_charges is 3 h late",
    "since": "2026-03-30T06:00:00+02:00",
    "owner": "data",
    "run_url": "http://127.0.0.1:3000/runs/1",
    "first_step": "look at the last run",
}
RESOLVED = {"key": FIRING["key"], "status": "resolved"}
HOSTILE = "<script>alert(1)</script>\"'>&\x1b[2J\u202e\x00"


def taken(**fields) -> dict:
    """An alert as the inbox keeps it."""
    return alert(json.dumps(FIRING | fields).encode())


def refused(body: bytes) -> Refused:
    with pytest.raises(Refused) as why:
        alert(body)
    return why.value


# What is posted

def test_an_alert_is_taken_with_all_that_it_says():
    assert taken() == FIRING


def test_a_resolution_needs_no_more_than_its_key():
    assert alert(json.dumps(RESOLVED).encode()) == dict.fromkeys(LENGTHS, "") | RESOLVED


@pytest.mark.parametrize("field", ["key", "status", "severity", "what"])
@pytest.mark.parametrize("nothing", ["", None])
def test_a_field_that_must_be_there_is_named(field, nothing):
    assert refused(json.dumps(FIRING | {field: nothing}).encode()).fields == {field: f"{field} is missing"}


@pytest.mark.parametrize("field", LENGTHS)
@pytest.mark.parametrize("value", [5, 5.0, True, [], ["page"], {}, {"a": 1}])
def test_what_is_no_text_is_refused_by_name(field, value):
    why = refused(json.dumps(FIRING | {field: value}).encode())
    assert (why.status, f"{field} must be text, not" in why.error) == (422, True)


@pytest.mark.parametrize("field", LENGTHS)
def test_text_that_is_too_long_is_refused_by_name(field):
    assert f"{LENGTHS[field] + 1:,} characters" in refused(
        json.dumps(FIRING | {field: "x" * (LENGTHS[field] + 1)}).encode()
    ).fields[field]


@pytest.mark.parametrize(
    "since", ["yesterday", "2026-03-30", "2026-03-30T06:00:00", "1774843200", "0001-01-01T00:00+14:00"]
)
def test_a_moment_without_an_offset_is_refused(since):
    assert "with an offset" in refused(json.dumps(FIRING | {"since": since}).encode()).fields["since"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", "runs"])
def test_a_link_that_a_browser_would_run_or_follow_elsewhere_is_refused(url):
    assert "run_url must begin with" in refused(json.dumps(FIRING | {"run_url": url}).encode()).error


@pytest.mark.parametrize("url", ["https://example.com/r", "/proxy/absolute/3000/runs/1"])
def test_a_link_to_a_run_is_taken_with_and_without_a_host(url):
    assert taken(run_url=url)["run_url"] == url


def test_several_mistakes_are_all_named_at_once():
    why = refused(json.dumps(FIRING | {"severity": "high", "status": "on", "since": "now"}).encode())
    assert why.fields.keys() == {"severity", "status", "since"}


def test_a_misspelt_field_is_named():
    assert refused(json.dumps(FIRING | {"severities": "page"}).encode()).error.startswith("unknown: severities. ")


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"[" * 20_000, b'{"a":' * 5_000, b"\xff\xfe", b'{"key": NaN}', b'{"key": "\\ud800"}',
     b'{"key": 1e999}', b"[]", b"3", b"null", b'"text"', b"{", b"{}" * 2],
    ids=range(14),
)
def test_what_is_no_json_object_is_refused(body):
    assert refused(body).status in (400, 422)


# Incidents

def incidents(*posts: dict) -> list[tuple]:
    inbox = Inbox(now=map(float, count(1)).__next__)
    for each in posts:
        inbox.post(alert(json.dumps(each).encode()))
    return [(i.key, i.status, i.count) for i in inbox.incidents]


def test_an_incident_counts_how_often_it_fired_and_ends_with_its_resolution():
    assert incidents(FIRING, FIRING, RESOLVED) == [(FIRING["key"], "resolved", 2)]


def test_what_fires_after_its_resolution_is_another_incident():
    assert incidents(FIRING, RESOLVED, RESOLVED, FIRING) == [
        (FIRING["key"], "resolved", 1), (FIRING["key"], "firing", 1)]


def test_two_keys_are_two_incidents():
    assert len(incidents(FIRING, FIRING | {"key": "other"}, RESOLVED)) == 2


def test_a_later_alert_changes_what_it_says_and_not_since_when():
    inbox = Inbox()
    inbox.post(taken(severity="ticket"))
    inbox.post(taken(owner="", since="2026-03-30T09:00:00+02:00"))
    incident = inbox.incidents[0]
    assert (incident.severity, incident.owner, incident.since) == ("page", "data", FIRING["since"])


# On the disk

def test_alerts_heartbeats_and_a_broken_channel_survive_a_restart(folder):
    inbox = Inbox(folder)
    inbox.post(taken())
    inbox.beat("sensors", 60)
    inbox.refuse(503)
    again = Inbox(folder)
    assert (again.alerts(), again.incidents, again.heartbeats(), again.refuses) == (
        inbox.alerts(), inbox.incidents, inbox.heartbeats(), 503)


def test_half_a_line_that_a_power_cut_left_is_no_alert(folder):
    Inbox(folder).post(taken())
    Inbox(folder).post(taken(key="second"))
    file = folder / "alerts.jsonl"
    file.write_bytes(file.read_bytes()[:-9])
    assert [incident.key for incident in Inbox(folder).incidents] == [FIRING["key"]]


def test_a_cleared_inbox_has_forgotten_all(folder):
    inbox = Inbox(folder)
    inbox.post(taken())
    inbox.beat("sensors", 60)
    inbox.clear()
    assert (inbox.incidents, Inbox(folder).alerts(), Inbox(folder).heartbeats()) == ([], [], [])


def test_a_full_inbox_refuses_and_keeps_what_it_has(folder, monkeypatch):
    monkeypatch.setattr("environments.alerts.inbox.MAX_DISK", 500)
    inbox = Inbox(folder)
    inbox.post(taken())
    inbox.post(taken())
    with pytest.raises(Refused) as why:
        inbox.post(taken())
    assert (why.value.status, len(inbox.alerts())) == (507, 2)


def test_a_flood_is_refused_until_a_minute_has_passed():
    now = [0.0]
    inbox = Inbox(now=lambda: now[0])
    for _ in range(MAX_PER_MINUTE):
        inbox.post(taken())
    with pytest.raises(Refused) as why:
        inbox.post(taken())
    now[0] = 60
    assert (why.value.status, inbox.post(taken()).count) == (429, MAX_PER_MINUTE + 1)


# Who watches the watcher

@pytest.mark.parametrize("passed, overdue", [(120, False), (120.1, True)])
def test_a_watcher_silent_for_twice_its_time_is_overdue(passed, overdue):
    now = [1000.0]
    inbox = Inbox(now=lambda: now[0])
    inbox.beat("sensors", 60)
    now[0] += passed
    assert inbox.heartbeats() == [{"watcher": "sensors", "every": 60, "last": 1000.0, "overdue": overdue}]


def test_watchers_are_bounded_and_known_ones_still_taken():
    inbox = Inbox()
    for number in range(MAX_WATCHERS):
        inbox.beat(str(number), 60)
    with pytest.raises(Refused, match="watchers already"):
        inbox.beat("one more", 60)
    assert inbox.beat("0", 30).every == 30


# The page

def test_hostile_text_is_shown_as_text():
    inbox = Inbox()
    inbox.post(taken(**dict.fromkeys(("key", "what", "owner", "first_step"), HOSTILE), run_url="/" + HOSTILE))
    inbox.beat(taken(key=HOSTILE)["key"], 60)
    text = html.escape("<script>alert(1)</script>\"'>&")
    shown = page(inbox)
    assert (shown.count(text), "<script" in shown, "\x1b" in shown, "\u202e" in shown) == (6, False, False, False)


def test_the_page_has_no_address_that_a_proxy_would_not_serve():
    inbox = Inbox()
    inbox.post(taken(run_url=""))
    assert re.findall(r"(?:href|src|action)=", page(inbox)) == []


def test_an_alert_that_nobody_owns_stands_out():
    inbox = Inbox()
    inbox.post(taken(owner=""))
    assert "<span class=bad>nobody</span>" in page(inbox)


def test_the_page_is_bounded_and_says_so():
    inbox = Inbox(now=map(float, count(step=60)).__next__)
    for number in range(MOST + 1):
        inbox.post(taken(key=str(number)))
    assert (page(inbox).count("<tr><td>"), f"newest {MOST} of {MOST + 1}" in page(inbox)) == (MOST, True)


# Over HTTP

@pytest.fixture(scope="module")
def running():
    with receiving() as inbox:
        yield inbox


@pytest.fixture
def inbox(running):
    running.clear()
    return running


def post(inbox, data=None, token=None, url=None, **how) -> requests.Response:
    headers = {"Authorization": f"Bearer {inbox.token if token is None else token}"}
    return requests.post(url or inbox.url, data=json.dumps(FIRING) if data is None else data, headers=headers,
                         timeout=HANG, **how)


def test_what_is_posted_is_a_row_of_a_frame(inbox):
    answers = [post(inbox).json(), post(inbox, json.dumps(RESOLVED)).json()]
    frame = inbox.incidents()
    assert (answers, frame[["key", "status", "count", "owner"]].to_dict("records"), str(frame["first"].dt.tz)) == (
        [{"incident": 1, "count": 1}] * 2,
        [{"key": FIRING["key"], "status": "resolved", "count": 1, "owner": "data"}],
        "UTC",
    )


def test_an_empty_inbox_is_a_frame_with_its_columns(inbox):
    assert (len(inbox.alerts()), list(inbox.heartbeats())) == (0, ["watcher", "every", "last", "overdue"])


@pytest.mark.parametrize("token", ["", "wrong", "Ω"])
@pytest.mark.parametrize("path", ["/alerts", "/incidents", "/channel", "/?key=wrong"])
def test_nothing_is_told_without_the_token(inbox, token, path):
    said = requests.get(inbox.url.replace("/alerts", path), timeout=HANG,
                        headers={"Authorization": f"Bearer {token}".encode()})
    assert (said.status_code, "the token is missing" in said.json()["error"]) == (401, True)


def test_the_page_opens_by_its_address_and_may_run_nothing(inbox):
    said = requests.get(inbox.page, timeout=HANG)
    assert (said.status_code, said.headers["Content-Security-Policy"].startswith("default-src 'none'")) == (200, True)


def test_a_body_that_is_too_large_is_refused_in_json_and_the_inbox_goes_on(inbox):
    said = post(inbox, b"x" * (MAX_BYTES + 1))
    assert (said.status_code, list(said.json()), post(inbox).status_code) == (413, ["error"], 202)


def test_what_is_no_http_is_refused_in_json(inbox):
    with socket.create_connection(("127.0.0.1", inbox._port), timeout=HANG) as line:
        line.sendall(b"nonsense\r\n\r\n")
        said = line.makefile("rb").read()
    assert (said.startswith(b"HTTP/1.1 400"), list(json.loads(said.partition(b"\r\n\r\n")[2]))) == (True, ["error"])


@pytest.mark.parametrize("method, path", [("GET", "/nothing"), ("PATCH", "/alerts"), ("PUT", "/alerts/../x")])
def test_an_address_that_is_not_there_is_json(inbox, method, path):
    said = requests.request(method, inbox.url.replace("/alerts", path), timeout=HANG,
                            headers={"Authorization": f"Bearer {inbox.token}"})
    assert (said.status_code in (404, 405), list(said.json())) == (True, ["error"])


def test_a_broken_channel_refuses_alerts_and_heartbeats_and_works_again(inbox):
    with inbox.refusing(502):
        refusals = [post(inbox).status_code, post(inbox, '{"watcher": "w"}', url=inbox.heartbeat_url).status_code]
    assert (refusals, post(inbox).status_code, len(inbox.alerts())) == ([502, 502], 202, 1)


@pytest.mark.parametrize("body", ['{"watcher": ""}', '{"watcher": "w", "every": true}', '{"watcher": "w", "every": 0}',
                                  '{"watcher": "w", "every": 9999999}', '{"every": 60}', "[]"])
def test_a_heartbeat_that_makes_no_sense_is_refused(inbox, body):
    assert post(inbox, body, url=inbox.heartbeat_url).status_code == 422


@pytest.mark.parametrize("status", [200, 600, "503", True])
def test_a_channel_is_broken_with_an_error_only(inbox, status):
    with pytest.raises(LabsError, match="refuse must be an HTTP status"):
        inbox.refuse(status)


def test_a_full_disk_is_told_and_no_half_alert_is_kept(folder, monkeypatch):
    inbox = Inbox(folder)
    inbox.post(taken())
    monkeypatch.setattr(logs.os, "write", lambda file, line, write=os.write: write(file, line[:5]))
    with pytest.raises(OSError):
        inbox.post(taken())
    assert len(Inbox(folder).alerts()) == len(inbox.alerts()) == 1


# In a workspace

@pytest.fixture
def workspace(folder, monkeypatch):
    monkeypatch.setenv("LABS_HOME", str(folder / "Żółć i spółka"))
    workspace = Workspace.here()
    yield workspace
    AlertsService(workspace).reset()


@pytest.mark.slow
def test_no_alert_that_was_answered_is_lost_to_a_kill_and_the_kill_is_told(workspace):
    inbox, answered = alerts(), []

    def flood() -> None:
        for number in range(10_000):
            try:
                answered.append(post(inbox, json.dumps(FIRING | {"key": str(number)})).json()["incident"])
            except (requests.RequestException, KeyError):
                return

    sender = threading.Thread(target=flood)
    sender.start()
    wait_until(lambda: len(answered) > 20, HANG, "alerts to be answered")
    service = AlertsService(workspace)
    service.process.running().send_signal(signal.SIGKILL)
    sender.join(HANG)
    states = [status.state for status in service.status()]
    with pytest.raises(LabsError, match="the alerts inbox was killed.\nType in a terminal: labs up alerts"):
        service.client()
    lines = services.up([], workspace, alerts={})
    kept = [int(key) for key in service.client().alerts()["key"]]
    assert (states, lines, kept[: len(answered)], len(kept) - len(answered) in (0, 1)) == (
        ["killed"], ["alerts had been killed: started again, no alert was lost"], list(range(len(answered))), True)


@pytest.mark.slow
def test_down_leaves_nothing_and_a_taken_port_is_no_harm(workspace):
    first = alerts()
    post(first)
    service = AlertsService(workspace)
    lines = service.down()
    left = service.process.processes()
    with socket.create_server(("127.0.0.1", first._port)):
        second = alerts()
        assert (lines, left, first.token == second.token, first.url == second.url, len(second.alerts())) == (
            ["alerts stopped"], [], True, False, 1)


@pytest.mark.slow
def test_one_whose_notes_are_lost_is_ended_too(workspace):
    alerts()
    service = AlertsService(workspace)
    workspace.note("alerts-process").unlink()
    assert (service.down(), service.process.processes()) == (["alerts stopped"], [])


def test_a_program_without_the_mark_is_nobodys(workspace):
    service = AlertsService(workspace)
    workspace.note("alerts-process").write_text(json.dumps({"pid": os.getpid()}))
    assert (MARK in os.environ, service.state(), service.process.processes()) == (False, "killed", [])
