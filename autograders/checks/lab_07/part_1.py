"""Checks of Lab 7, parts 1 to 3: cron's nights, loads as assets, what readers get, and when it all runs."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import duckdb

from autograders.checks.lab_07.pipelines import COUNTING, Simulated, a_day, in_words, moment, morning_after, simulated
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from environments.errors import LabsError
from environments.stack.dbt_project import look
from environments.stack.orchestration.feeds import FEEDS
from environments.stack.orchestration.scenario import HALFWAY, KILLED, Backfill, Launch, Scenario, Trouble

__all__ = ["behind_the_morning", "billing_without_the_web", "days_of_the_company", "every_source_arrives",
           "failed_steps", "hung_runs_end", "killed_runs_go_on", "loads_say_what_came", "missing_nights",
           "one_at_a_time", "overlapping_runs", "publications_outlive_kills", "published_when_made",
           "six_oclock", "sources_are_loads"]


# 1 Cron's nights

def _run(night: date, hour: float = 6, minutes: float = 40, codes: tuple[int, ...] = (0, 0, 0)) -> dict:
    started = datetime(night.year, night.month, night.day, tzinfo=UTC) + timedelta(hours=hour)
    return {"night": night, "started": started, "ended": started + timedelta(minutes=minutes), "codes": list(codes)}


def _nights(count: int) -> list[date]:
    first = date(2026, 2, 1) + timedelta(days=draw.randrange(300))
    return [first + timedelta(days=number) for number in range(count)]


def _told(function, name: str, look: str, runs: list[dict], nights: list[date], due: list[date], when: str) -> None:
    asked = CheckedFunction(function, look)
    got = asked(list(runs), nights[0], nights[-1], when=when)
    asked.expect(isinstance(got, dict) and name in got, "a dict with the keys failed, overlapped and missing")
    asked.expect(got[name] == due, f"{len(due)} nights as {name}, earliest first, each once",
                 got=f"told {len(got[name]) if isinstance(got[name], list) else got[name]} as {name}")


@repeatable
def failed_steps(function) -> None:
    look = "a step failed if its exit code is not 0, whatever the last step gave"
    nights = _nights(9)
    bad = sorted(draw.sample(nights[1:], 4))
    codes = {bad[0]: (1, 0, 0), bad[1]: (0, -9, 0), bad[2]: (0, 0, 137), bad[3]: (15, 0, -15)}
    runs = [_run(night, codes=codes.get(night, (0, 0, 0))) for night in nights]
    draw.shuffle(runs)
    _told(function, "failed", look, runs, nights, bad, "where the first, a middle or the last step fails")
    again = [*runs, _run(bad[0], 9), _run(bad[1], 8, codes=(2, 0, 0))]
    _told(function, "failed", look, again, nights, bad, "where failed nights are run twice")
    made_up = [_run(night) for night in nights] + [_run(nights[3], 56, codes=(0, 1))]
    _told(function, "failed", look, made_up, nights, [nights[3]],
          "where a night is made again two days later, and fails")
    before = [_run(night, codes=(1,)) for night in (nights[0] - timedelta(days=2), nights[1])]
    _told(function, "failed", look, before, nights, [run["night"] for run in before],
          "where a night before first fails")
    _told(function, "failed", look, [_run(night) for night in nights], nights, [], "where no step fails")


@repeatable
def overlapping_runs(function) -> None:
    look = "put the runs in the order of their starts: has any that started before not ended yet?"
    nights = _nights(9)
    runs = [_run(night) for night in nights]
    same, late, touching = nights[2], nights[4], nights[6]
    runs += [_run(same, 6.5)]                                              # twice in one night
    runs[4] = _run(late, minutes=24 * 60 + 10)                             # still going on the next morning
    runs[6] = _run(touching, minutes=24 * 60)                              # ended just then
    draw.shuffle(runs)
    _told(function, "overlapped", look, runs, nights, [same, nights[5]],
          "where a night has two runs, one lasts into the next morning, and one ends as the next starts")
    long = [_run(nights[0], minutes=72 * 60), *[_run(night, minutes=5) for night in nights[1:]]]
    _told(function, "overlapped", look, long, nights, nights[1:3], "where one run lasts three days")
    _told(function, "overlapped", look, [_run(night) for night in nights], nights, [], "where none overlap")
    at, west = _run(nights[1]), timezone(timedelta(hours=-5))
    runs = [at, _run(nights[3], 6 + 48.5), _run(nights[5]), _run(nights[7])]   # the second, made up for on night 5
    runs += [_run(nights[0], 24 + 6 + 1), _run(nights[2], 5 * 24 + 6 + 0.2)]   # after night 1, and during night 7
    for run in (runs[0], runs[3]):
        run |= {name: run[name].astimezone(west) for name in ("started", "ended")}
    runs[1]["ended"] = runs[1]["ended"].astimezone(west)
    runs += [_run(nights[6]), _run(nights[4], 2 * 24 + 6 + 0.5)]               # during night 6, by its text before it
    runs[-1] |= {name: runs[-1][name].astimezone(west) for name in ("started", "ended")}
    _told(function, "overlapped", look, runs, nights, [nights[2], nights[3], nights[4]],
          "where nights are made up for later, and some times have another offset")


@repeatable
def missing_nights(function) -> None:
    look = "go through all nights from first to last, those with no run at all, too"
    nights = _nights(9)
    gone = sorted({nights[0], nights[-1], *draw.sample(nights[2:7], 2)})
    runs = [_run(night, codes=(1, 0, 0)) for night in nights if night not in gone]
    outside = [_run(nights[0] - timedelta(days=3)), _run(nights[-1] + timedelta(days=2))]
    _told(function, "missing", look, runs + outside, nights, gone,
          "where the first, the last and two other nights have no run, and all others failed")
    _told(function, "missing", look, [], nights, nights, "where there are no runs at all")
    later = [_run(night, 24 + 6) for night in nights[:-1]]
    _told(function, "missing", look, later, nights, [nights[-1]], "where each run starts on the day after its night")


# 2 Assets

LOADED = {"stripe": None, "production": None, "mixpanel": "day", "amplitude": "day"}
NIGHT = ("jobs", "every_morning")


@repeatable
def every_source_arrives(function) -> None:
    asked = CheckedFunction(function, look="source.load(warehouse) for stripe and production, and with the window of "
                                           "the partition for the other two; the asset's name is the source's")
    day = a_day()
    with simulated(asked, morning_after(day, history=2), NIGHT, when="on an ordinary night") as night:
        asked.expect(LOADED.keys() <= night.assets.keys(), f"the assets {', '.join(LOADED)}",
                     got=f"made {', '.join(sorted(night.assets)) or 'none'}")
        wrong = [name for name, kind in LOADED.items() if night.assets[name]["partitioned"] != bool(kind)]
        asked.expect(not wrong, "partitions for mixpanel and amplitude, and none for the other two",
                     got=f"made it otherwise for {', '.join(wrong)}")
        run = _only_run(asked, night.outcome)
        asked.expect(run.status == "SUCCESS", "a run that ends well", got=in_words(run))
        for name, kind in LOADED.items():
            feed = FEEDS[name]
            newest, = night.rows(f"select max({feed.time}) from raw.{feed.table}")[0]
            due = datetime.fromisoformat(moment(day + timedelta(days=1), time(0) if kind else time(6)))
            due = due.astimezone(UTC).replace(tzinfo=None) - timedelta(minutes=30)
            asked.expect(newest is not None and newest >= due, f"the rows of {name} up to that morning",
                         got=f"left its newest row at {newest} UTC")


def _only_run(asked: CheckedFunction, outcome):
    why = "".join(f" ({tick.name}: {tick.why})"[:160] for tick in outcome.ticks if tick.status == "failed")
    asked.expect(len(outcome.runs) == 1, "one run that morning", got=f"led to {len(outcome.runs)} runs{why}")
    return outcome.runs[0]


@repeatable
def days_of_the_company(function) -> None:
    asked = CheckedFunction(function, look="timezone of the DailyPartitionsDefinition, and context."
                                           "partition_time_window: not what day it is now")
    days = ["2026-01-01", "2026-03-08", "2026-11-01", str(a_day())]
    scenario = Scenario("2026-11-20T12:00-05:00", "2026-11-20T15:00-05:00", history=0,
                        backfills=(Backfill("2026-11-20T12:10-05:00", "reload", tuple(days)),))
    with simulated(asked, scenario, ("jobs",), when="in a backfill of 2026-01-01, of both nights on which clocks "
                   "change, and of a day in between") as night:
        bad = next((run for run in night.outcome.runs if run.status != "SUCCESS"), None)
        asked.expect(bad is None, "runs that end well", got=bad and in_words(bad) or "")
        for name in ("mixpanel", "amplitude"):
            feed = FEEDS[name]
            found = night.rows(
                f"select cast({feed.time} at time zone 'UTC' at time zone 'America/New_York' as date)::varchar, "
                f"count(*) from raw.{feed.table} group by 1 order by 1")
            due = sorted((day, {"2026-03-08": 46, "2026-11-01": 50}.get(day, 48)) for day in days)
            asked.expect([day for day, _ in found] == [day for day, _ in due],
                         f"the rows of these {len(days)} days of New York alone, of {name}",
                         got=f"loaded rows of {len(found)} days")
            asked.expect(found == due, f"each day of {name} whole: 23, 24 or 25 hours",
                         got="loaded other hours of these days")


@repeatable
def loads_say_what_came(function) -> None:
    asked = CheckedFunction(function, look="dg.MaterializeResult(metadata={...}), owners=[...], tags={...}")
    day = a_day()
    start = morning_after(day).begins.astimezone(UTC).replace(tzinfo=None)
    quiet = morning_after(day, history=0, troubles=(Trouble("empty_export"),))
    with simulated(asked, quiet, NIGHT, when="where mixpanel has never had a row") as night:
        run = _only_run(asked, night.outcome)
        asked.expect(run.status == "SUCCESS", "a run that ends well", got=in_words(run))
        for name in LOADED:
            feed = FEEDS[name]
            told = next((made["metadata"] for made in run.materialized if made["asset"] == name), {})
            rows, newest = night.rows(f"select count(*) filter (_loaded_at > '{start}'), epoch(max({feed.time})) "
                                      f"from raw.{feed.table}")[0]
            asked.expect(told.get("dagster/row_count") == rows, f"dagster/row_count of {name}: {rows}",
                         got=f"told {told.get('dagster/row_count')!r:.40}")
            asked.expect(told.get("newest") == newest, f"newest of {name}: the moment of its newest row, or none",
                         got=f"told {told.get('newest')!r:.40}, where {newest} s since 1970 UTC is due")
        for name, alert in (("stripe", "page"), ("production", "page"), ("mixpanel", "ticket"),
                            ("amplitude", "ticket")):
            said = night.assets.get(name, {"owners": [], "tags": {}})
            asked.expect(said["owners"] == ["team:data"], f"the owner team:data for {name}",
                         got=f"named {said['owners'] or 'nobody'}")
            asked.expect(said["tags"].get("alert") == alert, f"the tag alert: {alert} for {name}",
                         got=f"tagged it {said['tags'].get('alert')!r:.40}")
    again = Backfill(moment(day + timedelta(days=1), time(9)), "reload", (str(day - timedelta(days=3)),))
    with simulated(asked, replace(quiet, backfills=(again,)), NIGHT, when="where an old day is loaded after the "
                   "morning") as night:
        told = [made["metadata"].get("newest") for run in night.outcome.runs for made in run.materialized
                if made["asset"] == "amplitude"]
        asked.expect(len(told) == 2, "two runs that load amplitude", got=f"loaded it {len(told)} times")
        feed = FEEDS["amplitude"]
        newest = night.rows(f"select epoch(max({feed.time})) from raw.{feed.table}")[0][0]
        asked.expect(told[1] == newest, "newest of amplitude to be of the table, not of that day",
                     got=f"told {told[1]!r:.40}, where {newest} s since 1970 UTC is due")


def _source(source: str, table: str) -> dict:
    """As in a manifest: its table in the database may have another name."""
    return {"resource_type": "source", "unique_id": f"source.teaspoon.{source}.{table}", "source_name": source,
            "name": table, "identifier": f"{source}_{table}", "schema": "raw", "package_name": "teaspoon"}


def _node(kind: str, name: str) -> dict:
    return {"resource_type": kind, "unique_id": f"{kind}.teaspoon.{name}", "name": name, "alias": f"v2_{name}",
            "schema": "marts", "package_name": "teaspoon"}


@repeatable
def sources_are_loads(function) -> None:
    asked = CheckedFunction(function, look="resource_type tells what a node is: a source has a source_name")
    nodes = [(_source("stripe", "charges"), "stripe"), (_source("mixpanel", "export"), "mixpanel"),
             *((_node(kind, name), name) for kind, name in (
                 ("model", "fct_mrr"), ("seed", "exchange_rates"), ("snapshot", "households_over_time"),
                 ("model", "source")))]
    nodes += [(_source(f"vendor_{draw.randrange(1000)}", f"table_{number}"), "") for number in range(3)]
    for node, due in nodes:
        got = asked(dict(node), when=f"of a {node['resource_type']} called {node['name']}")
        due = due or node["source_name"]
        asked.expect(got == due, f"{due!r}, a text")


READ = {"billing": "fct_mrr", "customer": "dim_customers"}  # by file of readers, its mart
# In place of all that comes before: the marts are there.
MADE = """
@dg.asset
def fct_mrr():
    pass

@dg.asset(deps=["fct_mrr"])
def dim_customers():
    pass

made += [fct_mrr, dim_customers]
"""


class Marts:
    """Rows of both marts, which nobody can foresee."""

    def __init__(self):
        self.rows = {mart: sorted((f"{mart}_{number}", draw.randrange(10**6))
                                  for number in range(draw.randrange(3, 30))) for mart in READ.values()}

    def plant(self, con: duckdb.DuckDBPyConnection, _: Path | None = None) -> None:
        con.execute("create schema if not exists marts")
        for mart, rows in self.rows.items():
            con.execute(f"create table marts.{mart} (id varchar, amount bigint)")
            con.executemany(f"insert into marts.{mart} values (?, ?)", rows)

    def publish(self, folder: Path) -> None:
        """For readers, in files of their own."""
        folder.mkdir()
        for name in READ:
            with duckdb.connect(str(folder / f"{name}.duckdb")) as public:
                self.plant(public)


def _read(night: Simulated, name: str) -> list[tuple] | str:
    """What readers find in a file, or why they find nothing."""
    try:
        return look(night.nights.folder / "public" / f"{name}.duckdb",
                    f"select id, amount from marts.{READ[name]} order by all")
    except LabsError as e:
        return str(e).splitlines()[0]


def _in_short(found: list[tuple] | str) -> str:
    return f"{len(found)} rows" if isinstance(found, list) else f"none: {found}"[:120]


READERS = ("loads", "billing", "other_loads", "models", "jobs", "every_morning")


@repeatable
def published_when_made(function) -> None:
    asked = CheckedFunction(function, look="deps=[...] makes it wait for its mart; public.put publishes")
    marts = Marts()
    with simulated(asked, morning_after(a_day(), history=1), READERS, when="on an ordinary night",
                   plant=marts.plant) as night:
        run = _only_run(asked, night.outcome)
        asked.expect(run.status == "SUCCESS", "a run that ends well", got=in_words(run))
        made = [each["asset"] for each in run.materialized]
        for name, mart in READ.items():
            asked.expect(f"{name}_published" in made, f"an asset {name}_published", got=f"made {', '.join(made)}")
            asked.expect((night.nights.folder / "public" / f"{name}.duckdb").is_file(),
                         f"{name}.duckdb in the folder of readers", got="published no such file")
            asked.expect(made.index(mart) < made.index(f"{name}_published"), f"{mart} made before it is published",
                         got=f"published {name} before")
            asked.expect(_read(night, name) == marts.rows[mart], f"the rows of {mart} in {name}.duckdb, each once",
                         got=f"{name}.duckdb has {_in_short(_read(night, name))}")
        told = [call["outcome"] for call in night.outcome.calls if call["source"] == "publication"]
        asked.expect(sorted(told) == ["billing", "customer"], "each file published once", got=f"published {told}")
    once = Trouble("server_errors", "publication", times=1)
    with simulated(asked, morning_after(a_day(), history=1, troubles=(once,)), READERS,
                   when="where the first file cannot be published") as night:
        told = [call["outcome"] for call in night.outcome.calls if call["source"] == "publication"]
        asked.expect(bool(told), "the other file published all the same: its mart is made", got="published nothing")


@repeatable
def billing_without_the_web(function) -> None:
    asked = CheckedFunction(function, look="what customer_published depends on, and what billing_published does not")
    for fault, source, due in (("mixpanel_key_rotated", "", ["billing"]), ("key_expired", "production", ["billing"]),
                               ("key_expired", "stripe", [])):
        scenario = morning_after(a_day(), history=1, troubles=(Trouble(fault, source),))
        with simulated(asked, scenario, READERS, when=f"where {source or 'mixpanel'} refuses its key") as night:
            _only_run(asked, night.outcome)
            told = sorted(call["outcome"] for call in night.outcome.calls if call["source"] == "publication")
            asked.expect(told == due, "published: " + (" and ".join(due) or "nothing"),
                         got=f"published {' and '.join(told) or 'nothing'}")


@repeatable
def publications_outlive_kills(function) -> None:
    """In the middle of the first file, and just after it: readers have the marts of yesterday or of today, whole."""
    asked = CheckedFunction(function, look="public.put replaces a file at once; add nothing to it, and do not take it "
                                           "away before")
    for fault, words in ((HALFWAY, "in the middle of"), (KILLED, "just after")):
        day, yesterday, today = a_day(), Marts(), Marts()
        noon = Scenario(moment(day, time(12)), moment(day, time(14)), history=0, keep=True,
                        launches=(Launch(moment(day, time(13)), "morning"),),
                        troubles=(Trouble(fault, "publication", times=1),))

        def plant(con, folder: Path, yesterday=yesterday, today=today) -> None:
            today.plant(con)
            yesterday.publish(folder / "public")

        with simulated(asked, noon, ("jobs",), MADE, f"where the run is killed {words} its first publication",
                       dies=True, plant=plant) as night:
            for name, mart in READ.items():
                found = _read(night, name)
                asked.expect(found in (yesterday.rows[mart], today.rows[mart]),
                             f"{name}.duckdb of yesterday or of today, whole", got=f"readers find {_in_short(found)}")
            outcome = night.again(Scenario(moment(day, time(15)), moment(day, time(17)), history=0))
            states = [run.status for run in outcome.runs]
            asked.expect(states == ["FAILURE", "SUCCESS"], "one more run, which ends well",
                         got=f"left the runs {', '.join(states) or 'none'}")
            for name, mart in READ.items():
                found = _read(night, name)
                asked.expect(found == today.rows[mart], f"then the rows of {mart} in {name}.duckdb, each once",
                             got=f"readers find {_in_short(found)}")


# 3 Time

CHANGES = (date(2026, 3, 7), date(2026, 10, 31))  # the days before both nights


@repeatable
def six_oclock(function) -> None:
    asked = CheckedFunction(function, look="execution_timezone and default_status of the schedule, "
                                           "and the date of context.scheduled_execution_time there")
    for first in (*CHANGES, a_day()):
        scenario = Scenario(moment(first, time(12)), moment(first + timedelta(days=2), time(12)), history=0)
        with simulated(asked, scenario, ("jobs",), COUNTING, when=f"from {first}, 12:00, for two days") as night:
            broken = next((tick.why for tick in night.outcome.ticks if tick.status == "failed"), "")
            asked.expect(not broken, "no error", got=f"failed: {broken}")
            mornings = [first + timedelta(days=number) for number in (1, 2)]
            due = [datetime.fromisoformat(moment(day, time(6))).astimezone(UTC) for day in mornings]
            found = night.outcome.scheduled()
            asked.expect(found == due, "one run at 06:00 in New York on each of both mornings",
                         got=f"asked for runs at {', '.join(f'{at:%d %b %H:%M} UTC' for at in found) or 'no time'}")
            days = [day for day, in night.rows("select day from raw.seen order by moment")]
            asked.expect(days == [str(day - timedelta(days=1)) for day in mornings],
                         "the partition of the day before, each once", got=f"ran the partitions {days}")


@repeatable
def one_at_a_time(function) -> None:
    asked = CheckedFunction(function, look="context.instance.get_runs_count(dg.RunsFilter(job_name=..., statuses=...))")
    day = a_day()
    cases = [(("morning", "STARTED"), 0), (("morning", "QUEUED"), 0), (("morning", "STARTING"), 0),
             (("reload", "STARTED"), 1), (("morning", "FAILURE"), 1),
             (("morning", "STARTED", "morning", "FAILURE", "reload", "SUCCESS"), 0)]
    draw.shuffle(cases)
    six = datetime.fromisoformat(moment(day + timedelta(days=1), time(6))).astimezone(UTC)
    for states, due in cases:
        runs = list(zip(states[::2], states[1::2], strict=True))
        before = tuple(Launch(moment(day, time(18 + hour)), job, unfinished=True, state=state)
                       for hour, (job, state) in enumerate(runs))
        scenario = morning_after(day, history=0, launches=before)
        when = "where " + ", then ".join(f"a run of {job} is {state}" for job, state in runs)
        with simulated(asked, scenario, ("jobs",), COUNTING, when=when) as night:
            ticks = [tick for tick in night.outcome.ticks if tick.kind == "schedule"]
            broken = next((tick.why for tick in ticks if tick.status == "failed"), "")
            asked.expect(not broken, "no error", got=f"failed: {broken}")
            looked = [tick for tick in ticks if tick.at == six]
            asked.expect(bool(looked), "to be due at 06:00 in New York",
                         got=f"was due {len(ticks)} times, none of them then")
            asks = len([tick for tick in ticks if tick.status == "requested"])
            asked.expect(asks == due, "to ask for a run once" if due else "to ask for no run",
                         got=f"asked {asks} times")
            led = night.rows("select count(*) from raw.seen")[0][0] if due else len(night.outcome.runs) - len(before)
            asked.expect(led == due, "a run" if due else "no run", got=f"led to {led} runs")
            asked.expect(bool(due) or bool(looked[0].why), "a dg.SkipReason that says why", got="said nothing")


@repeatable
def behind_the_morning(function) -> None:
    asked = CheckedFunction(function, look="the tag dagster/priority of each job, the higher one goes "
                                           "first; and return (morning, reload), in this order")
    day = a_day()
    week = tuple(str(day - timedelta(days=number)) for number in range(9, 2, -1))
    scenario = morning_after(day, history=0, backfills=(
        Backfill(moment(day + timedelta(days=1), time(5, 59)), "reload", week),))
    course = ("billing", "other_loads", "models", "published", "every_morning")
    with simulated(asked, scenario, course, when="with a backfill of seven days, asked for at 05:59") as night:
        runs = night.outcome.runs
        order = [run.job for run in runs]
        asked.expect(sorted(order) == ["morning", *["reload"] * 7], "one run of morning and seven of reload",
                     got=f"ran {len(runs)} runs: {', '.join(order)[:80]}")
        bad = next((run for run in runs if run.status != "SUCCESS"), None)
        asked.expect(bad is None, "runs that end well", got=bad and in_words(bad) or "")
        asked.expect(order.index("morning") <= 1, "morning to begin after one run of reload at most",
                     got=f"let {order.index('morning')} of them go first")
        made = {job: {each["asset"] for run in runs if run.job == job for each in run.materialized} for job in order}
        asked.expect(made["reload"] == {"mixpanel", "amplitude"}, "reload to make mixpanel and amplitude alone",
                     got=f"made {', '.join(sorted(made['reload']))}")
        whole = {"stripe", "production", "mixpanel", "amplitude", "fct_mrr", "dim_customers", "billing_published",
                 "customer_published"}
        asked.expect(made["morning"] == whole, "morning to make all assets",
                     got=f"left out {', '.join(sorted(whole - made['morning']))}")


LOADS = ("billing", "other_loads")


@repeatable
def hung_runs_end(function) -> None:
    asked = CheckedFunction(function, look="the tag dagster/max_runtime, in seconds")
    day = a_day()
    for job, minutes, due in (("morning", 25, "SUCCESS"), ("morning", 33, "FAILURE"), ("reload", 55, "SUCCESS"),
                              ("reload", 66, "FAILURE")):
        scenario = morning_after(day, history=0, minutes=minutes, launches=(
            Launch(moment(day, time(13)), job, str(day - timedelta(days=3))),))
        took = minutes * (4 if job == "morning" else 2)
        with simulated(asked, scenario, LOADS, when=f"where a run of {job} takes {took} minutes") as night:
            run = next(iter(night.outcome.runs), None)
            asked.expect(run is not None and run.status == due,
                         "it to end well" if due == "SUCCESS" else "it to be ended as a failure",
                         got=in_words(run) if run else "led to no run")


@repeatable
def killed_runs_go_on(function) -> None:
    asked = CheckedFunction(function, look="the tags dagster/max_retries and dagster/retry_on_asset_or_op_failure")
    day = a_day()
    for job, source, sources in (("morning", "stripe", LOADED), ("reload", "mixpanel", ("mixpanel", "amplitude"))):
        launches = (Launch(moment(day, time(13)), job, str(day - timedelta(days=3))),)
        failing = morning_after(day, history=0, troubles=(Trouble("key_expired", source),), launches=launches)
        with simulated(asked, failing, LOADS, when=f"where a step of {job} fails") as night:
            _only_run(asked, night.outcome)
        killed = replace(failing, keep=True, troubles=(Trouble("killed", source, times=1),))
        with simulated(asked, killed, LOADS, when=f"where the process of a run of {job} is killed", dies=True) as night:
            outcome = night.again(Scenario(moment(day, time(14)), moment(day, time(20)), history=0))
            states = [run.status for run in outcome.runs]
            asked.expect(states == ["FAILURE", "SUCCESS"], "one more run, which ends well",
                         got=f"left the runs {', '.join(states) or 'none'}")
            strategies = {run.tags.get("dagster/retry_strategy", "FROM_FAILURE") for run in outcome.runs}
            asked.expect("ALL_STEPS" not in strategies, "only what was not done to be done again",
                         got="has the tag dagster/retry_strategy: ALL_STEPS")
            made = sorted(each["asset"] for run in outcome.runs for each in run.materialized)
            asked.expect(made == sorted(sources), "each source loaded once, over both runs",
                         got=f"made {', '.join(made)}")
