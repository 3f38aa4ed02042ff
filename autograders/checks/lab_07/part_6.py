"""Checks of Lab 7, part 6: who is told, once, and what becomes of an alert that nobody takes."""

import contextlib
import http.server
import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from autograders.checks.lab_07.pipelines import Simulated, a_day, moment, simulated, utc
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from environments.alerts import receiving
from environments.alerts.handle import InboxClient
from environments.saas.app import LOOPBACK
from environments.saas.hosting import listening
from environments.stack.orchestration.feeds import COMPANY, FEEDS, duty_of
from environments.stack.orchestration.nights import Outcome
from environments.stack.orchestration.parts import MORNINGS
from environments.stack.orchestration.scenario import KILLED, Backfill, Launch, Scenario, Trouble

__all__ = ["alert_helps_a_person", "incidents_are_said_once", "nothing_is_lost", "old_data_is_told",
           "one_alert_a_failure", "tickets_grow_louder", "watchers_are_watched"]

LOADS = ("billing", "other_loads", "jobs", "every_morning")
FEW_LOADS = LOADS[1:]
HOUR = timedelta(hours=1)
# What the sensor of the exercise does, for checks of what comes after it.
ALERTING = """
def alerting():
    @dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def told(context, alerts: Alerts, clock: Clock):
        for event in context.get_step_failure_events():
            duty = duty_of(event.step_key)
            alerts.fire(Alert(f"failed/{event.step_key}", "firing", duty.severity, reason(event),
                              clock.now().isoformat(), duty.owner, "/runs/1", duty.first_step))
    return told
made += [alerting()]
"""


def mornings(day: date, count: int = 1, **more: Any) -> Scenario:
    """From noon of a day over this many mornings, to noon."""
    return Scenario(moment(day, time(12)), moment(day + timedelta(days=count), time(12)),
                    seed=draw.randrange(1, 10_000), history=1, **more)


def fired(outcome: Outcome) -> list[dict]:
    """What was posted as firing, as far as it has a key."""
    return [post["body"] for post in outcome.alerts if post["body"].get("status") == "firing"]


def in_short(posts: list[dict]) -> str:
    """The keys that were posted, for a message."""
    keys = [str(post.get("key", ""))[:60] for post in posts]
    return f"posted {len(keys)} alerts: {', '.join(keys[:4])}" if keys else "posted no alert"


def expect_looks(it: Simulated, since: str = "") -> None:
    """That no sensor has failed: what an error left out, no message about alerts explains."""
    failed = [tick for tick in it.outcome.ticks if tick.kind == "sensor" and tick.status == "failed"
              and not (since and tick.at < utc(since))]
    it.asked.expect(not failed, "sensors whose looks do not fail",
                    got=f"{failed[0].name} failed: {failed[0].why}"[:300] if failed else "")


# A failure

FAILURES = ("permission_revoked", "mixpanel_key_rotated", "amplitude_key_rotated", "key_rotated")
ASK_FAILURE = "default_status; context.get_step_failure_events() has the steps that failed by themselves"


def _failed(function, when: str, scenario: Scenario, dies: bool = False,
            course: tuple[str, ...] = ()) -> contextlib.AbstractContextManager[Simulated]:
    return simulated(CheckedFunction(function, look=ASK_FAILURE), scenario, course=course or _without("checks"),
                     when=when, dies=dies)


@repeatable
def one_alert_a_failure(function) -> None:
    """What is wrong for days is told once; what a retry cures, what is left out and what runs again, never."""
    fault = draw.choice(FAILURES)
    source = Trouble(fault).strikes
    cured = draw.choice([name for name in FEEDS if name != source])
    day, other = a_day(), next(name for name in ("mixpanel", "amplitude") if name != source)
    well = moment(day + timedelta(days=1), time(12))
    troubles = (Trouble("key_expired", other, until=moment(day, time(18))), Trouble(fault),
                Trouble("server_errors", "alerts", until=well),
                Trouble("server_errors", cured, since=moment(day, time(18)), times=2))
    when = (f"where the key of {source} is refused on two mornings, on the first of which the inbox is down, {cured} "
            "is done when it is tried again, and a run of reload has failed before")
    before = Backfill(moment(day, time(13)), "reload", (str(day - timedelta(days=1)),))
    with _failed(function, when, mornings(day, 2, troubles=troubles, backfills=(before,))) as it:
        expect_looks(it, well)
        posts = fired(it.outcome)
        it.asked.expect([post.get("key") for post in posts] == [f"failed/{source}"],
                        "one alert, about the load alone, with the same key each morning", got=in_short(posts))
    day = a_day()
    when = "where the run's process dies, and Dagster runs it again"
    scenario = mornings(day, troubles=(Trouble(KILLED, "production", times=1),), keep=True)
    with _failed(function, when, scenario, dies=True, course=FEW_LOADS) as it:
        noon = day + timedelta(days=1)
        after = Scenario(moment(noon, time(13)), moment(noon, time(15)), keep=True)
        outcome = it.again(after)
        it.asked.expect([run.status for run in outcome.runs] == ["FAILURE", "SUCCESS"], "a run, and one after it")
        it.asked.expect(not fired(outcome), "no alert: the tag dagster/will_retry is true",
                        got=in_short(fired(outcome)))


@repeatable
def alert_helps_a_person(function) -> None:
    """Each field, of a step, and of a run that failed without one."""
    fault = draw.choice(FAILURES)
    source = Trouble(fault).strikes
    with _failed(function, "where a key is refused", mornings(a_day(), troubles=(Trouble(fault),))) as it:
        expect_looks(it)
        runs = {run.id: run for run in it.outcome.runs}
        posts = [post for post in it.outcome.alerts if post["body"].get("key") == f"failed/{source}"]
        it.asked.expect(len(posts) == 1, "an alert about the load", got=in_short(fired(it.outcome)))
        _expect_fields(it, posts[0], source, runs)
        said = posts[0]["body"]["what"]
        it.asked.expect(source in said and ("401" in said or "403" in said), "`what` to name the step and its error",
                        got=f"says {said[:120]!r}")
    first, day = Launch("", "morning", unfinished=True), a_day()
    noon = Scenario(moment(day, time(12)), moment(day, time(14)), history=1, keep=True,
                    launches=(replace(first, at=moment(day, time(13))),))
    with _failed(function, "where a run ends with its process", noon) as it:
        outcome = it.again(Scenario(moment(day, time(15)), moment(day, time(16)), history=1, keep=True))
        failed = {run.id: run for run in outcome.runs if run.status == "FAILURE"}
        posts = [post for post in outcome.alerts if post["body"].get("key") == "failed/morning"]
        it.asked.expect(len(failed) == 1 and len(posts) == 1, "one alert about the run: no step of it failed",
                        got=in_short(fired(outcome)))
        _expect_fields(it, posts[0], "morning", failed)


def _expect_fields(it: Simulated, post: dict, step: str, runs: dict) -> None:
    body, duty = post["body"], duty_of(step)
    due = {"severity": duty.severity, "owner": duty.owner, "first_step": duty.first_step}
    for name, value in due.items():
        it.asked.expect(body.get(name) == value, f"{name} as duty_of says it", got=f"{name} is {body.get(name)!r:.80}")
    link = str(body.get("run_url", ""))
    it.asked.expect(any(link.endswith(f"/runs/{id}") for id in runs), "run_url to be alerts.run_url of the run",
                    got=f"run_url is {link!r:.80}")
    it.asked.expect(_between(body.get("since"), utc(post["at"]) - 4 * HOUR, utc(post["at"])),
                    "`since` to be when it was seen", got=f"since is {body.get('since')!r:.60}")


def _between(text: Any, first: datetime, last: datetime) -> bool:
    try:
        return first <= utc(str(text)) <= last
    except ValueError:
        return False


# Incidents, from look to look

LOOK = "what must be known at the next look has to be in the text that is returned"
KEYS = ("failed/stripe", "failed/crm", "stale/mixpanel", "stale/production", "failed/billing_models")


class Looks:
    """One history of looks, which remembers what the answer gave it."""

    def __init__(self, asked: CheckedFunction, minutes: int, now: datetime | None = None):
        self.asked, self.minutes, self.memory = asked, minutes, ""
        # Parts of a second that a float has exactly, so that an answer may count in seconds.
        self.now = now or datetime(2026, 3, 2, 6, microsecond=15_625 * draw.randrange(1, 64), tzinfo=UTC) + timedelta(
            minutes=draw.randrange(100_000))

    def at(self, later: int, wrong: dict, when: str) -> list[dict]:
        """What is posted this many minutes after the last look."""
        self.now = (self.now.astimezone(UTC) + timedelta(minutes=later)).astimezone(self.now.tzinfo)
        given = {key: dict(value) for key, value in wrong.items()}
        told = self.asked.items(given, self.memory, self.now, self.minutes, when=when)
        self.asked.expect(len(told) == 2, "two values: posts and memory")
        posts, memory = told
        self.asked.expect(type(memory) is str, "memory to be text, as a sensor's cursor is",
                          got=f"gave a {type(memory).__name__}")
        self.asked.expect(isinstance(posts, list) and all(isinstance(post, dict) for post in posts),
                          "posts to be a list of dicts", got=f"gave {posts!r:.100}")
        self.memory = memory
        return sorted((dict(post) for post in posts), key=lambda post: (str(post.get("key")), str(post.get("status"))))

    def expect(self, posts: list[dict], due: list[dict], words: str) -> None:
        due = sorted(due, key=lambda post: (post["key"], post["status"]))
        self.asked.expect(posts == due, words, got=f"posted {json.dumps(posts, default=str)[:200]}")


def firing(key: str, said: dict, since: datetime, severity: str = "") -> dict:
    return {"key": key, "status": "firing", "severity": severity or said["severity"], "what": said["what"],
            "since": since.isoformat()}


def resolved(key: str) -> dict:
    return {"key": key, "status": "resolved"}


def _wrong(severity: str = "page") -> tuple[str, dict]:
    return draw.choice(KEYS), {"severity": severity, "what": f"{draw.randrange(100)} rows are missing"}


@repeatable
def incidents_are_said_once(function) -> None:
    """Said, not repeated, over, said again; two pipelines do not know of each other."""
    asked = CheckedFunction(function, look=LOOK)
    one, other = Looks(asked, 240), Looks(asked, 240)
    key, said = _wrong()
    second = draw.choice(("nulls/stripe charges: \"paid\", 'new'", "volume/mixpanel | web, of a day"))
    one.expect(one.at(0, {}, "at a first look at which all is well"), [], "no post")
    since = one.now + timedelta(minutes=5)
    one.expect(one.at(5, {key: said}, "where something is wrong"), [firing(key, said, since)], "one post, firing")
    other.expect(other.at(0, {key: said}, "where another pipeline has the same trouble"),
                 [firing(key, said, other.now)], "one post: that pipeline has a memory of its own")
    one.expect(one.at(5, {key: said | {"what": "more rows are missing"}}, "where it is still wrong"), [], "no post")
    both = {key: said, second: said}
    one.expect(one.at(5, both, "where something else is wrong as well"), [firing(second, said, one.now)],
               "one post, about the new trouble")
    one.expect(one.at(5, {second: said}, "where one of two is well again"), [resolved(key)], "one post, resolved")
    one.expect(one.at(5, {second: said}, "at the look after that"), [], "no post")
    one.expect(one.at(5, both, "where it is wrong once more"), [firing(key, said, one.now)],
               "one post, firing, since now")
    one.expect(one.at(5, {}, "where all is well again"), [resolved(key), resolved(second)], "two posts, resolved")
    other.expect(other.at(5, {key: said}, "where the other pipeline's trouble goes on"), [], "no post")


@repeatable
def tickets_grow_louder(function) -> None:
    """A ticket that nobody has closed is a page, once, at its minute; a page never is."""
    asked = CheckedFunction(function, look="compare now with `since`, when the trouble was first seen; and "
                                           "remember that a ticket has become a page")
    minutes = draw.randrange(30, 300)
    looks = Looks(asked, minutes)
    key, said = _wrong("ticket")
    loud = draw.choice([each for each in KEYS if each != key])
    wrong = {key: said, loud: said | {"severity": "page"}}
    looks.at(0, wrong, "where a ticket and a page begin")
    since = looks.now
    looks.expect(looks.at(minutes - 1, wrong, "a minute before the ticket is too old"), [], "no post")
    looks.expect(looks.at(1, wrong, "where the ticket is exactly that old"), [firing(key, said, since, "page")],
                 "one post: the ticket as a page, with the `since` it had")
    looks.expect(looks.at(minutes, wrong, "where it is twice that old"), [], "no post")
    looks.expect(looks.at(1, {}, "where all is well again"), [resolved(key), resolved(loud)], "two posts, resolved")
    looks.at(1, {key: said}, "where the ticket comes back")
    again = looks.now
    looks.expect(looks.at(minutes - 1, {key: said}, "a minute before it is too old again"), [], "no post")
    looks.expect(looks.at(minutes, {key: said}, "where the next look is late"), [firing(key, said, again, "page")],
                 "one post: as a page, since it came back")
    _over_the_night_of_the_clocks(asked)


def _over_the_night_of_the_clocks(asked: CheckedFunction) -> None:
    """More than a day, which on that night is an hour more or less by the clock on the wall."""
    minutes = 24 * 60 + draw.randrange(30, 300)
    eve = draw.choice((date(2026, 3, 7), date(2026, 10, 31)))
    looks = Looks(asked, minutes, datetime.combine(eve, time(12, draw.randrange(60)), COMPANY))
    key, said = _wrong("ticket")
    looks.at(0, {key: said}, f"at noon of {eve} in New York")
    since, changed = looks.now, said | {"what": "other words today"}
    looks.expect(looks.at(minutes - 1, {key: said}, f"{minutes - 1} minutes later, clocks changed in the night"), [],
                 "no post")
    looks.expect(looks.at(1, {key: changed}, f"{minutes} minutes later, clocks changed in the night"),
                 [firing(key, changed, since, "page")], "one post: as a page, with what `what` says now")


# Old data

@repeatable
def old_data_is_told(function) -> None:
    """By the newest row: where every run is green, and where none begins; and nothing as long as it is exactly late."""
    asked = CheckedFunction(function, look="ask the warehouse for the newest row of each source's table, "
                                           "and clock.now() for the time")
    day, source = a_day(), draw.choice(("mixpanel", "amplitude"))
    empty = (Trouble("empty_export", source, until=moment(day + timedelta(days=1), time(12))),)
    when = "where an export is empty on a morning, and every run is green"
    with simulated(asked, mornings(day, 2, troubles=empty, look_minutes=180), course=LOADS, when=when) as it:
        _expect_one(it, source, _newest(day) + FEEDS[source].late)
    # A look finds the events exactly as old as they may be.
    gap = FEEDS["mixpanel"].late - (utc(moment(day, time(12))) - _newest(day))
    idle = Scenario(moment(day, time(12)), moment(day + timedelta(days=2), time(12)), history=1,
                    look_minutes=gap / timedelta(minutes=1) / 3)
    with simulated(asked, idle, course=LOADS[:-1], when="where no run begins for two days") as it:
        expect_looks(it)
        late = _too_old(day, [tick.at for tick in it.outcome.ticks])
        told = {(post["body"]["key"], utc(post["at"])) for post in it.outcome.alerts}
        asked.expect({key for key, _ in told} == set(late) and len(it.outcome.alerts) == len(late),
                     "one alert for each source that is older than its feed allows", got=in_short(fired(it.outcome)))
        early = sorted(key for key, at in told if at < late[key])
        asked.expect(told == set(late.items()), "each at the first look at which it is older: exactly as old is not",
                     got=f"told too early of {', '.join(early)}" if early else "told too late")


def _newest(day: date) -> datetime:
    """The newest row of every source at noon: they have one each half hour."""
    return utc(moment(day, time(12))) - timedelta(minutes=30)


def _too_old(day: date, looks: list[datetime]) -> dict[str, datetime]:
    """By key, the first look at which a source's newest row of this noon is too old."""
    found = {f"stale/{name}": [at for at in looks if at - _newest(day) > feed.late] for name, feed in FEEDS.items()}
    return {key: min(at) for key, at in found.items() if at}


def _without(*names: str) -> tuple[str, ...]:
    return tuple(name for name in MORNINGS if name not in names)


def _expect_one(it: Simulated, source: str, since: datetime) -> None:
    """One incident, told within an hour, and its end."""
    expect_looks(it)
    posts = fired(it.outcome)
    it.asked.expect([post["key"] for post in posts] == [f"stale/{source}"], "one alert, about that source",
                    got=in_short(posts))
    post = it.outcome.alerts[0]
    body, duty = post["body"], duty_of(source)
    it.asked.expect(body.get("owner") == duty.owner and body.get("severity") == duty.severity
                    and body.get("first_step") == duty.first_step, "owner, severity and first step of duty_of",
                    got=f"posted {body!r:.160}")
    it.asked.expect(_between(body.get("since"), since - 2 * HOUR, since + 2 * HOUR),
                    "`since` to be when the data became too old", got=f"since is {body.get('since')!r:.60}")
    it.asked.expect(utc(post["at"]) <= since + 3 * HOUR, "the alert at the next look", got=f"posted at {post['at']}")
    it.asked.expect(it.outcome.said("resolved") == [f"stale/{source}"], "the end of it, once",
                    got=f"posted {len(it.outcome.said('resolved'))} resolved")


# A channel that refuses

def _alert(number: int, **more: str) -> dict[str, str]:
    return {"key": f"failed/step_{number}", "status": "firing", "severity": "page", "what": "it failed",
            "since": "2026-03-02T06:00:00-05:00", "owner": "team:data", "run_url": "/runs/1",
            "first_step": "Look."} | more


@contextlib.contextmanager
def _inbox() -> Iterator[InboxClient]:
    with receiving() as inbox:
        yield inbox


@repeatable
def nothing_is_lost(function) -> None:
    """In order, through an inbox that breaks down, and past an alert that nobody can read."""
    asked = CheckedFunction(function, look="give back what was not taken, in its order, and post it again next time")
    alerts = [_alert(number) for number in draw.sample(range(100), 6)]
    keys = [alert["key"] for alert in alerts]
    with _inbox() as inbox:
        def left(waiting: list, when: str, token: str = inbox.token) -> list:
            return asked.items(waiting, inbox.url, token, when=when)

        asked.expect(left([], "with nothing to post") == [], "an empty list")
        asked.expect(left(alerts[:3], "with three alerts") == [], "nothing left")
        asked.expect(_taken(inbox) == keys[:3], "the inbox to have them, oldest first",
                     got=f"the inbox has {_taken(inbox)}")
        with inbox.refusing(draw.choice((500, 503, 429))):
            kept = left(alerts[3:5], "where the inbox is broken")
        asked.expect(kept == alerts[3:5], "both, as they were: they still wait")
        asked.expect(left([*alerts[3:5], alerts[5]], "where it works again") == [], "nothing left")
        asked.expect(_taken(inbox) == keys, "each alert once, oldest first", got=f"the inbox has {_taken(inbox)}")
        wrong = left(alerts[:2], "where the token is refused", "another")
        asked.expect(wrong == alerts[:2], "both: with the right token they are taken")
        inbox.clear()
        poison = [_alert(1, severity="loud"), *alerts[:2]]
        asked.expect(left(poison, "where the inbox can never take the first: it answers 422") == [], "nothing left")
        asked.expect(_taken(inbox) == keys[:2], "the others to be taken", got=f"the inbox has {_taken(inbox)}")
    _expect_order_kept(asked, alerts)
    with listening() as free:
        port = free.getsockname()[1]
    away = asked.items(alerts[:2], f"http://127.0.0.1:{port}/alerts", "token", when="where nobody answers")
    asked.expect(away == alerts[:2], "both: they still wait")


def _expect_order_kept(asked: CheckedFunction, alerts: list[dict]) -> None:
    """One inbox breaks down for a moment, another hangs up."""
    for first, when in ((503, "where the inbox is broken for one post alone"),
                        (None, "where the inbox hangs up without an answer, once")):
        channel = Channel([200, first])
        with channel.answering():
            kept = asked.items(alerts[:4], channel.url, "token", when=when)
        asked.expect(kept == alerts[1:4], "the second and all after it: they still wait")
        asked.expect(channel.posts == alerts[:2], "two posts: what comes after one that waits would overtake it",
                     got=f"posted {len(channel.posts)} times")
    channel, twice = Channel([200, 200, 503]), [alerts[0], alerts[1], dict(alerts[0]), alerts[2]]
    with channel.answering():
        kept = asked.items(twice, channel.url, "token", when="where an alert stands there twice, and waits once")
    asked.expect(kept == twice[2:], "the third and the fourth: the first two were taken")


@dataclass
class Channel:
    """An inbox that gives these answers, None being none, and then takes all that comes."""

    answers: list[int | None]
    url: str = ""
    posts: list[dict] = field(default_factory=list)

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        channel = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802 (the base class calls it that)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status = channel.answers.pop(0) if channel.answers else 200
                channel.posts.append(json.loads(body))
                if status:
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, format: str, *args) -> None:
                pass

        with served(Handler) as address:
            self.url = f"{address}/alerts"
            yield


@contextlib.contextmanager
def served(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address at which this handler answers while the block runs."""
    with http.server.ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://{LOOPBACK}:{server.server_address[1]}"
        finally:
            server.shutdown()


def _taken(inbox: InboxClient) -> list[str]:
    return [alert["key"] for alert in inbox.ask("GET", "/alerts")]


# Who watches

@repeatable
def watchers_are_watched(function) -> None:
    """Beats while alerts go out; none, and a failed tick, while they do not."""
    asked = CheckedFunction(function, look="deliver first; where that fails, let the error out and do not beat")
    day = a_day()
    first, last = moment(day + timedelta(days=1), time(5)), moment(day + timedelta(days=1), time(11))
    troubles = (Trouble("permission_revoked"), Trouble("server_errors", "alerts", since=first, until=last))
    with simulated(asked, mornings(day, 1, troubles=troubles), course=MORNINGS, rest=ALERTING,
                   when="where a load fails while the inbox is down") as it:
        beats = [utc(beat["at"]) for beat in it.outcome.beats]
        before, after = [at for at in beats if at < utc(first)], [at for at in beats if at >= utc(last)]
        asked.expect(len(before) >= 12 and bool(after), "a beat at each look while the inbox works",
                     got=f"{len(before)} beats before, and {len(after)} after")
        looks = [tick for tick in it.outcome.ticks if tick.kind == "sensor" and tick.name != "told"
                 and utc(first) <= tick.at < utc(last)]
        well = len([tick for tick in looks if tick.status != "failed"])
        asked.expect(len(looks) >= 5 and not well, "each look to fail while it is down, also where nothing waits",
                     got=f"{well} of {len(looks)} looks did not fail")
        most = max(Counter(refused["at"] for refused in it.outcome.refused).values(), default=0)
        asked.expect(most == 1, "one request at a look that is refused: no beat after it", got=f"{most} requests")
        asked.expect([post["key"] for post in fired(it.outcome)] == ["failed/stripe"],
                     "the alert that waited, once", got=in_short(fired(it.outcome)))
        asked.expect({(beat["watcher"], beat["every"]) for beat in it.outcome.beats} == {("teaspoon", "3600")},
                     "the watcher to be teaspoon, every 3600 s")
