"""Dagster's daemon on simulated time, in this process: days pass in seconds, and a wait of an hour takes none.

    time = SimulatedTime(start)
    with on(time), instance_in(None) as instance:
        daemon = Daemon(definitions, instance, time, resources)
        daemon.run_until(end)
        daemon.ticks, runs_of(instance)

Schedules and sensors tick that are on by their default status. Runs wait in one queue, and go one at a time, highest
priority first: a tick that comes due while a run goes on is evaluated when that has ended. Runs that the tag
dagster/max_retries asks for are run again; one that takes longer than dagster/max_runtime is ended. No sensor is asked
sooner than its minimum_interval_seconds. Automation conditions are not evaluated.

What the course needs of Dagster's private names is here and nowhere else; read at 1.13.27.
"""

import heapq
import itertools
import json
import math
import unittest.mock
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import sqlalchemy
from dagster._core.definitions.run_status_sensor_definition import RunStatusSensorDefinition
from dagster._core.definitions.sensor_definition import SensorType
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteRepositoryOrigin
from dagster._core.test_utils import create_run_for_test, get_freezable_log_manager
from dagster._core.utils import make_new_run_id
from dagster._utils.schedules import schedule_execution_time_iterator

from environments.errors import LabsError

SETTINGS = {"telemetry": {"enabled": False}, "run_retries": {"enabled": True, "max_retries": 0},
            # What steps print is not kept: Dagster would copy it by two programs a step, which outlive a killed run.
            "compute_logs": {"module": "dagster._core.storage.noop_compute_log_manager",
                             "class": "NoOpComputeLogManager"}}
PRIORITY, MAX_RUNTIME, WILL_RETRY = "dagster/priority", "dagster/max_runtime", "dagster/will_retry"
MAX_RETRIES = "dagster/max_retries"
PARENT, ROOT, RETRY = "dagster/parent_run_id", "dagster/root_run_id", "dagster/retry_number"
CONDITIONS = {SensorType.AUTOMATION, SensorType.AUTO_MATERIALIZE}
MAX_TICKS = 20_000
MAX_RUNS = 200


class RunTimedOut(BaseException):
    """The run took longer than its tag allows. Nobody's `except Exception` holds it up, and no policy tries again; of
    the other steps, those that wait for nothing are done."""


class SimulatedTime:
    """A clock that moves when somebody waits. It stands in for the module `time` where Dagster waits for a retry."""

    def __init__(self, start: datetime):
        self._now = start.timestamp()
        self.deadline: float | None = None  # of the run that is going on

    def time(self) -> float:
        return self._now

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._now, UTC)

    def sleep(self, seconds: float) -> None:
        end = self._now + max(0.0, seconds)
        if self.deadline is not None and end > self.deadline:
            self._now = max(self._now, self.deadline)
            raise RunTimedOut("the run took longer than its dagster/max_runtime allows")
        self._now = end

    def go_to(self, moment: float) -> None:
        self._now = max(self._now, moment)


@contextmanager
def on(time: SimulatedTime) -> Iterator[None]:
    """What Dagster writes down, and how long it waits, is by this clock. It says nothing on the console."""
    with ExitStack() as stack:
        for name, value in {
            "dagster._time._mockable_get_current_datetime": time.now,
            "dagster._time._mockable_get_current_timestamp": time.time,
            "dagster._core.log_manager.DagsterLogManager": get_freezable_log_manager(),
            "dagster._core.execution.plan.active.time": time,
            "dagster._core.definitions.policy.random": lambda: 0.0,  # a retry's jitter at its worst, and no luck
            "dagster._core.execution.context_creation_job.default_system_loggers": lambda instance: [],  # the console
        }.items():
            stack.enter_context(unittest.mock.patch(name, new=value))
        yield


@contextmanager
def instance_in(folder: Path | None) -> Iterator[dg.DagsterInstance]:
    """Dagster's own storage: in memory, or in a folder where it outlives this process, which takes four times as
    long."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    made = (dg.DagsterInstance.local_temp(str(folder), SETTINGS) if folder  # type: ignore[arg-type]
            else _in_memory())
    with made as instance, _at_ease():
        yield instance


def _in_memory() -> dg.DagsterInstance:
    """Nobody will ever migrate it, so its revision, which takes half of the time, is not written down."""
    with ExitStack() as stack:
        for storage in ("runs", "event_log"):
            stack.enter_context(unittest.mock.patch(f"dagster._core.storage.{storage}.in_memory.stamp_alembic_rev"))
        return dg.DagsterInstance.ephemeral(settings=SETTINGS)


@contextmanager
def _at_ease() -> Iterator[None]:
    """SQLite does not wait for the disk: a process that is killed leaves all that it wrote, a machine might not."""
    def ease(connection, _) -> None:
        connection.execute("pragma synchronous = off")

    sqlalchemy.event.listen(sqlalchemy.Engine, "connect", ease)
    try:
        yield
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "connect", ease)


@dataclass(order=True)
class Order:
    """A run that waits: the highest priority first, then the oldest."""

    rank: tuple[float, ...]
    job: str = field(compare=False)
    request: dg.RunRequest = field(compare=False)

    def as_plain(self) -> dict[str, Any]:
        request = self.request
        return {"rank": self.rank, "job": self.job, "run_key": request.run_key, "tags": dict(request.tags),
                "run_config": dict(request.run_config), "partition_key": request.partition_key,
                "asset_selection": request.asset_selection and [key.path for key in request.asset_selection]}

    @classmethod
    def from_plain(cls, rank: list, job: str, asset_selection: list | None, **more: Any) -> "Order":
        assets = None if asset_selection is None else [dg.AssetKey(path) for path in asset_selection]
        return cls(tuple(rank), job, dg.RunRequest(asset_selection=assets, **more))


class Memory:
    """What the daemon knows from one tick to the next; in a file, it outlives its process."""

    def __init__(self, file: Path | None):
        self.file = file
        kept = json.loads(file.read_text(encoding="utf-8")) if file and file.exists() else {
            "cursors": {}, "keys": [], "waiting": []}
        self.cursors: dict[str, str | None] = kept["cursors"]
        self.keys: set[tuple[str, str]] = {(name, key) for name, key in kept["keys"]}  # run keys that were launched
        self.waiting = [Order.from_plain(**order) for order in kept["waiting"]]  # a heap

    def keep(self) -> None:
        if self.file:
            kept = {"cursors": self.cursors, "keys": sorted(self.keys),
                    "waiting": [order.as_plain() for order in self.waiting]}
            draft = self.file.with_suffix(".part")
            draft.write_text(json.dumps(kept), encoding="utf-8")
            draft.rename(self.file)


@dataclass
class Tick:
    name: str
    kind: str        # schedule | sensor
    at: float
    status: str      # requested | reacted | skipped | failed
    runs: list[str]  # the keys, or partitions, of what it asked for
    why: str = ""


class Daemon:
    """What ticks and launches. `at` are further things to do, each at a moment: called with this daemon."""

    def __init__(self, definitions: dg.Definitions, instance: dg.DagsterInstance, time: SimulatedTime,
                 resources: Mapping[str, Any], look_minutes: float, memory: Path | None = None):
        self.repository = _with(definitions, resources).get_repository_def()
        self.instance, self.time, self.look = instance, time, look_minutes * 60
        self.ticks: list[Tick] = []
        self._number = itertools.count()
        self._memory = Memory(memory)
        self._begun = False
        self._looked: dict[str, float] = {}  # by sensor, its last look

    def run_until(self, end: datetime, at: Sequence[tuple[datetime, Callable[["Daemon"], Any]]] = ()) -> None:
        """Let it be `end`, with all that comes due before."""
        due = list(self._schedules(end)) + [(when.timestamp(), next(self._number), what) for when, what in at]
        heapq.heapify(due)
        if not self._begun:
            self._begin()
        look = self.time.time() + self.look
        while True:
            while due and due[0][0] <= self.time.time():
                moment, _, what = heapq.heappop(due)
                what(self) if not isinstance(what, dg.ScheduleDefinition) else self._tick(what, moment)
            if self._memory.waiting:
                self._run(heapq.heappop(self._memory.waiting))
                self._react()
                continue
            if look <= self.time.time():
                self._look()
                look = self.time.time() + self.look
                continue
            moment = min([look, *(first[0] for first in due[:1])])
            if moment > end.timestamp():
                break
            self.time.go_to(moment)
        self.time.go_to(end.timestamp())

    def submit(self, job: str, request: dg.RunRequest, when: float | None = None) -> None:
        """Put a run into the queue."""
        tags = {**self.repository.get_job(job).run_tags, **request.tags}
        priority = int(tags.get(PRIORITY, "0")) if str(tags.get(PRIORITY, "0")).lstrip("-").isdecimal() else 0
        rank = -priority, self.time.time() if when is None else when, next(self._number)
        heapq.heappush(self._memory.waiting, Order(rank, job, request))
        self._memory.keep()

    def leave_unfinished(self, job: str, state: str) -> None:
        """A run of this job waits or has begun, and does not end."""
        origin = None
        if state == "QUEUED":  # which needs one; sensors of runs then take it for another location's
            location = RegisteredCodeLocationOrigin("simulated")
            origin = RemoteRepositoryOrigin(location, self.repository.name).get_job_origin(job)
        create_run_for_test(self.instance, job, status=dg.DagsterRunStatus(state), remote_job_origin=origin)

    def _schedules(self, end: datetime) -> Iterator[tuple[float, int, Any]]:
        for schedule in self.repository.schedule_defs:
            if schedule.default_status == dg.DefaultScheduleStatus.RUNNING:
                times = schedule_execution_time_iterator(
                    self.time.time(), schedule.cron_schedule, schedule.execution_timezone or "UTC")
                for moment in itertools.takewhile(lambda moment: moment <= end, times):
                    yield moment.timestamp(), next(self._number), schedule

    def _sensors(self, of_runs: bool) -> list[dg.SensorDefinition]:
        return [sensor for sensor in self.repository.sensor_defs
                if sensor.default_status == dg.DefaultSensorStatus.RUNNING and sensor.sensor_type not in CONDITIONS
                and isinstance(sensor, RunStatusSensorDefinition) == of_runs]

    def _begin(self) -> None:
        """Sensors of runs note where they begin; runs that a dead process left unfinished are ended, and told of."""
        self._begun = True
        for sensor in self._sensors(of_runs=True):
            self._sense(sensor)
        unfinished = self.instance.get_runs(dg.RunsFilter(statuses=[
            dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.NOT_STARTED]))
        for run in unfinished:
            self.instance.report_run_failed(run, "The process of the run ended before the run did.")
            self._again(run.run_id)
        if unfinished:
            self._react()

    def _react(self) -> None:
        """Sensors of runs, until they have nothing more to say."""
        for sensor in self._sensors(of_runs=True):
            before: str | None = None
            while before != self._memory.cursors.get(sensor.name):
                before = self._memory.cursors.get(sensor.name)
                self._sense(sensor)

    def _look(self) -> None:
        now = self.time.time()
        for sensor in self._sensors(of_runs=False):
            if now - self._looked.get(sensor.name, -math.inf) > (sensor.minimum_interval_seconds or 0) - 1:
                self._looked[sensor.name] = now
                self._sense(sensor)

    def _tick(self, schedule: dg.ScheduleDefinition, moment: float) -> None:
        zone = ZoneInfo(schedule.execution_timezone or "UTC")
        context = dg.build_schedule_context(
            scheduled_execution_time=datetime.fromtimestamp(moment, zone), repository_def=self.repository,
            resources=self._needed(schedule))
        context._instance, context._instance_ref = self.instance, object()  # type: ignore[assignment]
        self._evaluate(schedule, "schedule", lambda: schedule.evaluate_tick(context), moment)

    def _sense(self, sensor: dg.SensorDefinition) -> None:
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self._memory.cursors.get(sensor.name), repository_def=self.repository,
            sensor_name=sensor.name, resources=self._needed(sensor))

        def evaluate():
            data = sensor.evaluate_tick(context)
            self._memory.cursors[sensor.name] = data.cursor
            failed = [each.error for each in data.dagster_run_reactions or [] if each.error]
            if failed:
                raise RuntimeError(failed[0].message)
            return data

        self._evaluate(sensor, "sensor", evaluate, self.time.time())

    def _needed(self, definition) -> dict[str, Any]:
        return {key: value for key, value in self.repository.get_top_level_resources().items()
                if key in definition.required_resource_keys}

    def _evaluate(self, definition, kind: str, evaluate: Callable, moment: float) -> None:
        """One tick, noted; what it asks for, queued. An error in it is its own."""
        if len(self.ticks) >= MAX_TICKS:
            raise LabsError(f"more than {MAX_TICKS:,} ticks.", "Look at how often the schedule is due.")
        tick = Tick(definition.name, kind, moment, "skipped", [])
        self.ticks.append(tick)
        try:
            data = evaluate()
            for request in data.run_requests or []:
                tick.runs.append(request.run_key or request.partition_key or "")
                self._request(definition, kind, request, moment)
        except Exception as e:
            cause = e.__cause__ or e
            tick.status, tick.why = "failed", f"{type(cause).__name__}: {cause}"
        else:
            reacted = getattr(data, "dagster_run_reactions", None)
            tick.status = "requested" if tick.runs else "reacted" if reacted else "skipped"
            tick.why = data.skip_message or ""
        self._memory.keep()

    def _request(self, definition, kind: str, request: dg.RunRequest, moment: float) -> None:
        """Queue it, unless one with the same key was before."""
        key = (definition.name, request.run_key or "")
        if request.run_key and key in self._memory.keys:
            return
        self._memory.keys.add(key)
        tags = {f"dagster/{kind}_name": definition.name, **request.tags}
        self.submit(request.job_name or definition.job_name, replaced(request, tags), moment)

    def _run(self, order: Order) -> None:
        if self.instance.get_runs_count() >= MAX_RUNS:
            raise LabsError(f"more than {MAX_RUNS} runs.", "Look for a sensor that asks for the same run each time.")
        self._memory.keep()  # it waits no longer
        job, request, run_id = self.repository.get_job(order.job), order.request, make_new_run_id()
        tags = {**job.run_tags, **request.tags}
        limit = str(tags.get(MAX_RUNTIME, ""))
        self.time.deadline = self.time.time() + int(limit) if limit.isdecimal() else None
        try:
            job.execute_in_process(
                run_config=request.run_config or None, instance=self.instance, partition_key=request.partition_key,
                raise_on_error=False, asset_selection=request.asset_selection, run_id=run_id, tags=dict(request.tags))
        except RunTimedOut:
            pass
        self.time.deadline = None
        run = self.instance.get_run_by_id(run_id)
        if run and not run.is_finished:
            self.instance.report_run_failed(run, f"Exceeded maximum runtime of {limit} seconds.")
        self._again(run_id)

    def _again(self, run_id: str) -> None:
        """Another run of what a failed one has not done, where its tags ask for it."""
        run = self.instance.get_run_by_id(run_id)
        if not run or run.tags.get(WILL_RETRY) != "true":
            return
        again, most = (str(run.tags.get(tag, "0")) for tag in (RETRY, MAX_RETRIES))
        if not most.isdecimal() or int(again) >= int(most):  # Dagster counts runs by a link that ours have not
            return
        job = self.repository.get_job(run.job_name)
        left = [key for key in job.asset_layer.executable_asset_keys if not self._done(run_id, key)]
        tags = {key: value for key, value in run.tags.items() if key != WILL_RETRY}
        tags |= {PARENT: run_id, ROOT: run.tags.get(ROOT, run_id), RETRY: str(int(run.tags.get(RETRY, "0")) + 1)}
        partition = tags.pop("dagster/partition", None)
        self.submit(run.job_name, dg.RunRequest(
            partition_key=partition, run_config=run.run_config, tags=tags, asset_selection=left))

    def _done(self, run_id: str, key: dg.AssetKey) -> bool:
        """Whether a run has made an asset, and checked it. Dagster itself would do a check that is left alone."""
        events: list[Any] = [entry.dagster_event for entry in self.instance.all_logs(
            run_id, of_type={dg.DagsterEventType.ASSET_MATERIALIZATION, dg.DagsterEventType.ASSET_CHECK_EVALUATION})]
        made = {event.asset_key for event in events if event.is_step_materialization}
        checked = {event.event_specific_data.asset_check_key for event in events if not event.is_step_materialization}
        return key in made and all(
            check in checked for check in self.repository.asset_graph.asset_check_keys if check.asset_key == key)


def _with(definitions: dg.Definitions, resources: Mapping[str, Any]) -> dg.Definitions:
    """The same with these resources in place of its own. They are what they are: no tick has them made again."""
    made = {key: dg.ResourceDefinition.hardcoded_resource(value) for key, value in resources.items()}
    return dg.Definitions(
        assets=definitions.assets, asset_checks=definitions.asset_checks, jobs=definitions.jobs,
        schedules=definitions.schedules, sensors=definitions.sensors, executor=definitions.executor,
        loggers=definitions.loggers, resources={**(definitions.resources or {}), **made})


def replaced(request: dg.RunRequest, tags: Mapping[str, str]) -> dg.RunRequest:
    """The same request with these tags."""
    return dg.RunRequest(run_key=request.run_key, run_config=request.run_config, tags=tags,
                         job_name=request.job_name, asset_selection=request.asset_selection,
                         partition_key=request.partition_key)


def warm_up() -> None:
    """Do once what the first run of a process would: Dagster imports much of itself only then."""
    @dg.asset
    def one():
        return None

    @dg.schedule(cron_schedule="0 0 * * *", target=[one], default_status=dg.DefaultScheduleStatus.RUNNING)
    def nightly():
        return dg.RunRequest()

    @dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def failed(context):
        pass

    time = SimulatedTime(datetime(2026, 1, 1, 23, tzinfo=UTC))
    with on(time), instance_in(None) as instance:
        definitions = dg.Definitions(assets=[one], schedules=[nightly], sensors=[failed])
        Daemon(definitions, instance, time, {}, 60).run_until(time.now() + timedelta(hours=2))
