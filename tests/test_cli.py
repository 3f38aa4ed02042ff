"""The `labs` command: every verb helps, answers fast, and says in a line or two what a person can fix.

Also what it stands on: the one list of labs, and doctor.
"""

import errno
import json
import os
import subprocess
import sys
from collections import namedtuple

import click
import psutil
import pytest
from click.testing import CliRunner

from autograders.cli import main
from environments import course, doctor, embedded, services
from environments.course import lab, labs
from environments.errors import LabsError
from tests.waits import HANG

VERBS = sorted(main.commands)
HEAVY = (
    "pandas", "numpy", "psycopg", "nbformat", "nbgrader", "nbconvert", "matplotlib", "jupyter", "IPython", "traitlets",
    "sqlalchemy", "psutil", "duckdb", "starlette", "uvicorn",
)


@pytest.fixture(autouse=True)
def home(folder, monkeypatch):
    """An empty workspace."""
    monkeypatch.setenv("LABS_HOME", str(folder))
    monkeypatch.delenv("LABS_POSTGRES", raising=False)
    return folder


@pytest.fixture
def run():
    def run(*arguments, input=None):
        return CliRunner().invoke(main, arguments, input=input, prog_name="labs")

    return run


def imported_by(*arguments) -> list[str]:
    """The heavy packages that a command has imported by its end."""
    code = ("import sys; from autograders.cli import main\n"
            f"main({arguments!r}, standalone_mode=False)\n"
            f"print(*sorted({{m.split('.')[0] for m in sys.modules}} & set({HEAVY!r})), file=sys.stderr)")
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=HANG).stderr.split()


# Help

def test_the_command_has_the_verbs_of_the_course():
    assert {"start", "doctor", "list", "up", "down", "status", "reset", "check", "release", "prove", "grade"} <= set(
        VERBS
    )


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_says_in_one_sentence_what_it_does(verb):
    first = main.commands[verb].help.split("\n")[0]
    assert first.endswith((".", "!")) and 20 < len(first) < 120


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_verb_has_help(run, verb, flag):
    said = run(verb, flag)
    assert (said.exit_code, said.output.startswith(f"Usage: labs {verb}")) == (0, True)


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_explained(verb):
    options = [p for p in main.commands[verb].params if isinstance(p, click.Option)]
    assert [o.name for o in options if not o.help] == []


def test_the_help_lists_every_verb(run):
    said = run("--help").output
    assert [verb for verb in VERBS if f"  {verb} " not in said] == []


@pytest.mark.parametrize("columns", ["80", "60"])
def test_the_help_cuts_no_line(run, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    said = " ".join(run("--help").output.split())
    assert [
        verb for verb in VERBS if " ".join([verb, *main.commands[verb].help.split("\n")[0].split()]) not in said
    ] == []


@pytest.mark.parametrize("verb", VERBS)
def test_no_help_is_wider_than_80_columns(run, monkeypatch, verb):
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for line in run(verb, "--help").output.splitlines() if len(line) > 80] == []


def test_no_verb_at_all_shows_the_help(run):
    assert "Usage: labs" in run().output


def test_the_help_imports_nothing_heavy():
    assert imported_by("--help") == []


def test_the_list_imports_nothing_heavy():
    assert imported_by("list") == []


def test_the_installed_command_is_this_one():
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlib.metadata import entry_points as e; "
            "print(*[p.value for p in e(group='console_scripts', name='labs')])",
        ],
        capture_output=True,
        text=True,
    )
    assert said.stdout == "autograders.cli:main\n"


# Answers for programs

@pytest.mark.parametrize("verb", ["list", "status", "doctor"])
def test_json_is_json(run, verb):
    assert isinstance(json.loads(run(verb, "--json").output), list)


def test_status_as_json_names_each_service_its_state_and_its_place(run):
    assert json.loads(run("status", "--json").output) == [
        {"service": name, "state": "not built", "where": "", "next": ""}
        for name in ("primary", "standby", "stripe", "mixpanel", "amplitude")
    ]


def test_list_as_json_has_every_lab_once(run):
    assert [entry["number"] for entry in json.loads(run("list", "--json").output)] == [entry.number for entry in labs()]


# From any folder

def test_nbgraders_configuration_is_the_courses_own_wherever_we_are(folder, monkeypatch, capsys):
    from autograders.configuration import course_config

    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.ClearMarkScheme.enforce_metadata = True\n")
    monkeypatch.chdir(course.COURSE)
    here = course_config()
    monkeypatch.chdir(folder)
    assert (str(course_config()), here.ClearMarkScheme.enforce_metadata, capsys.readouterr().err) == (
        str(here),
        False,
        "",
    )


def test_up_for_a_lab_without_services_is_an_empty_object_as_json(run):
    said = run("up", "00", "--json")
    assert (json.loads(said.stdout), said.stderr) == ({}, "everything was running already\n")


TAKE_JSON = [verb for verb in VERBS if any("--json" in p.opts for p in main.commands[verb].params)]


@pytest.mark.parametrize(
    "arguments, status",
    [
        *(([verb, "--nonsense"], 2) for verb in TAKE_JSON),
        (["--nonsense"], 2),
        (["nonsense"], 2),
        (["down"], 2),
        (["check"], 2),
        (["prove", "--jobs", "many"], 2),
        (["up", "77"], 1),
        (["check", "77"], 1),
        (["prove", "77"], 1),
        (["grade", "77"], 1),
        (["grade"], 1),
        (["grade", "00", "--submitted", "nowhere"], 1),
        (["up", "saas", "--seed", "-1"], 1),
        (["truth", "--size", "huge"], 1),
        (["up", "03", "--size", "small"], 1),
    ],
    ids=lambda a: " ".join(a) if isinstance(a, list) else "",
)
def test_every_mistake_is_json_for_a_program(run, arguments, status):
    said = run(*arguments, "--json")
    told = json.loads(said.stdout)
    assert (said.exit_code, sorted(told), all(told.values()), "Traceback" in said.stderr) == (
        status,
        ["error", "next"],
        True,
        False,
    )


def test_json_with_a_value_it_does_not_take_is_an_error_in_json(run):
    assert json.loads(run("status", "--json=1").stdout)["error"] == "Option '--json' does not take a value."


WRONG = {
    "a full disk": (
        OSError(errno.ENOSPC, "no", "/x/y"),
        1,
        "the disk of /x is full.",
        "Make room there; then run this again.",
    ),
    "a known error": (LabsError("it broke. Do this."), 1, "it broke.", "Do this."),
    "Ctrl-C": (KeyboardInterrupt(), 130, "interrupted", "Run the same command again."),
    "a defect": (
        ZeroDivisionError("by zero"),
        1,
        "ZeroDivisionError: by zero",
        "This is a defect of the course: report it, with what stderr shows.",
    ),
    "an unknown refusal": (
        OSError(errno.EBADF, "no"),
        1,
        "OSError: [Errno 9] no",
        "This is a defect of the course: report it, with what stderr shows.",
    ),
}


@pytest.mark.parametrize("why", WRONG)
def test_whatever_goes_wrong_is_json_for_a_program(run, monkeypatch, why):
    error, status, what, next = WRONG[why]
    monkeypatch.setattr(services, "status", raises(error))
    said = run("status", "--json")
    assert (said.exit_code, json.loads(said.stdout)) == (status, {"error": what, "next": next})


def test_a_defect_shows_its_traceback_beside_the_json(run, monkeypatch):
    monkeypatch.setattr(services, "status", raises(ZeroDivisionError("by zero")))
    assert "Traceback (most recent call last)" in run("status", "--json").stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this machine has no /dev/full")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_output_that_is_full_is_no_traceback(options):
    with open("/dev/full", "w") as full:
        said = subprocess.run(
            [sys.executable, "-c", "from autograders.cli import main; main(prog_name='labs')", "list", *options],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=HANG,
        )
    assert said.stderr.startswith("labs: a disk is full.\n")


def test_help_is_help_also_for_a_program(run):
    said = run("status", "--json", "--help")
    assert (said.exit_code, said.output.startswith("Usage: labs status")) == (0, True)


# What goes wrong

@pytest.mark.parametrize(
    "arguments", [["up", "77"], ["check", "77"], ["up", "lab"], ["check", ""], ["up", "3", "77"]], ids=" ".join
)
def test_an_unknown_lab_is_one_line_that_names_those_there_are(run, arguments):
    said = run(*arguments)
    assert (said.exit_code, said.stderr.count("\n"), "does not exist. Labs you can take:" in said.stderr) == (
        1,
        1,
        True,
    )


@pytest.mark.parametrize(
    "arguments", [["prove", "77"], ["grade", "77"], ["grade", ""], ["grade", "90", "77"]], ids=" ".join
)
def test_what_cannot_be_graded_is_one_line_that_names_what_can(run, arguments):
    said, there = run(*arguments), ", ".join(entry.number for entry in course.labs() if entry.solution.exists())
    assert (
        said.exit_code,
        said.stderr.count("\n"),
        f"cannot be graded here. Those that can: {there} (see" in said.stderr,
    ) == (1, 1, True)


@pytest.mark.parametrize("arguments", [["grade"], ["grade", "--all", "00"], ["grade", "--all", "--csv", "marks.csv"],
                                       ["grade", "00", "03", "--csv", "marks.csv"]], ids=" ".join)
def test_grading_nothing_in_particular_says_how_to_name_it(run, arguments):
    said = run(*arguments)
    assert (
        said.exit_code,
        said.stderr.count("\n"),
        "say which lab: labs grade 03, or labs grade --all" in said.stderr,
    ) == (1, 1, True)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--submitted", "nowhere"], "there is no nowhere."),
        (["--submitted", "labs/nothing.zip"], "there is no"),
        (["--students", "nobody.csv"], "nobody.csv cannot be read as a list of students"),
    ],
)
def test_what_cannot_be_found_or_read_is_one_line(run, arguments, words):
    said = run("grade", "00", *arguments)
    assert (said.exit_code, said.stderr.count("\n"), words in said.stderr) == (1, 1, True), said.stderr


def test_a_lab_not_written_yet_is_one_line(run):
    unwritten = next(entry.number for entry in labs() if not entry.ready and not entry.solution.exists())
    said = run("check", unwritten)
    assert (said.exit_code, said.stderr.count("\n"), "is not written yet" in said.stderr) == (1, 1, True)


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["up", "--nonsense"], ["check"], ["prove", "--jobs", "many"], ["grade", "00", "--jobs", "0"]],
    ids=" ".join,
)
def test_a_command_line_that_makes_no_sense_says_how_it_is_used(run, arguments):
    said = run(*arguments)
    assert (said.exit_code, "Usage: labs" in said.stderr, "Error: " in said.stderr) == (2, True, True)


@pytest.mark.parametrize(
    "number, words",
    [
        (errno.ENOSPC, "the disk of /some/where is full."),
        (errno.EDQUOT, "your disk quota for /some/where is used up."),
        (errno.EACCES, "no permission for /some/where."),
        (errno.EROFS, "/some/where is on a read-only file system."),
    ],
)
def test_an_operating_system_that_refuses_is_two_lines(run, monkeypatch, number, words):
    monkeypatch.setattr(services, "status", raises(OSError(number, "no", "/some/where/file")))
    said = run("status")
    assert (said.exit_code, said.stderr.startswith(f"labs: {words}"), said.stderr.count("\n")) == (1, True, 2)


def test_an_error_nobody_expected_keeps_its_traceback(run, monkeypatch):
    monkeypatch.setattr(services, "status", raises(OSError(errno.EBADF, "no")))
    assert isinstance(run("status").exception, OSError)


def test_an_expected_error_is_its_own_words_and_status_one(run, monkeypatch):
    monkeypatch.setattr(services, "status", raises(LabsError("do this.")))
    said = run("status")
    assert (said.exit_code, said.stdout, said.stderr) == (1, "", "labs: do this.\n")


def test_ctrl_c_is_one_line(run, monkeypatch):
    monkeypatch.setattr(services, "status", raises(KeyboardInterrupt()))
    said = run("status")
    assert (said.exit_code, said.stderr) == (130, "labs: interrupted\n")


def test_down_where_nothing_runs_says_so(run):
    assert run("down").output == "nothing was running\n"


def test_up_for_a_lab_without_services_starts_nothing(run):
    without = next(entry.number for entry in labs() if not entry.services and (entry.ready or entry.solution.exists()))
    assert run("up", without).output == "everything was running already\n"


def test_reset_asks_first_and_a_no_keeps_everything(run, home):
    (home / "kept").touch()
    said = run("reset", input="n\n")
    assert (said.exit_code, (home / "kept").exists()) == (1, True)


def test_reset_forgets_everything_after_a_yes(run, home):
    (home / "forgotten").touch()
    run("reset", input="y\n")
    assert not home.exists()


def raises(error: BaseException):
    def fail(*_, **__):
        raise error

    return fail


# The one list of labs

@pytest.mark.parametrize("number", ["3", "03", "03_read_replica"])
def test_a_lab_is_found_by_number_or_name(number):
    assert lab(number).name == "03_read_replica"


@pytest.mark.parametrize("number", ["", "003", "-3", "3.0", "03_other", "../labs"])
def test_what_is_neither_number_nor_name_finds_no_lab(number):
    with pytest.raises(LabsError, match="does not exist"):
        lab(number)


def test_the_numbers_of_the_labs_are_their_places_in_the_list():
    assert [entry.number for entry in labs()] == [f"{n:02}" for n in range(len(labs()))]


def test_every_service_a_lab_asks_for_is_one_there_is():
    assert {name for entry in labs() for name in entry.services} <= set(services.SERVICES)


def test_the_table_has_a_row_for_every_lab():
    rows = course.table(".").splitlines()[2:]
    assert [entry.name in row for entry, row in zip(labs(), rows, strict=True)] == [True] * len(labs())


# Doctor

GIB = doctor.GIB
Memory, Disk = namedtuple("Memory", "available"), namedtuple("Disk", "total used free")
LACKS = {
    "Python": (
        lambda m: m.setattr(sys, "version_info", (3, 9, 1)),
        "Install Python 3.11, 3.12 or 3.13; then: make setup",
    ),
    "memory": (
        lambda m: m.setattr(psutil, "virtual_memory", lambda: Memory(GIB // 2)),
        "The labs take up to 1 GiB: close something large.",
    ),
    "disk": (
        lambda m: m.setattr(doctor.shutil, "disk_usage", lambda _: Disk(0, 0, GIB // 2)),
        "The labs take up to 1 GiB: make room.",
    ),
    "PostgreSQL": (lambda m: m.setattr(embedded, "find_spec", lambda _: None), "Run: make setup"),
    "write access": (
        lambda m: m.setenv("LABS_HOME", "/proc/no"),
        "Set LABS_HOME to a folder you can write, or give yourself write access to this one.",
    ),
    "Docker": (
        lambda m: m.setattr(doctor.shutil, "which", lambda _: None),
        "Only needed for LABS_POSTGRES=docker; the labs run without it.",
    ),
    "sandbox": (
        lambda m: m.setattr(doctor.shutil, "which", lambda _: None),
        "Only needed to grade other people's notebooks: docs/instructors.md.",
    ),
}


@pytest.fixture
def examine():
    """Findings by name; PostgreSQL's programs looked for again."""
    embedded.programs.cache_clear()
    yield lambda: {finding.name: finding for finding in doctor.examine()}
    embedded.programs.cache_clear()


@pytest.mark.parametrize("name", LACKS)
def test_doctor_names_the_remedy_for_what_is_missing(examine, monkeypatch, name):
    lack, remedy = LACKS[name]
    lack(monkeypatch)
    finding = examine()[name]
    assert (finding.ok, finding.remedy, remedy in finding.line()) == (False, remedy, True)


def test_doctor_names_the_servers_that_a_killed_check_left_behind(examine, monkeypatch):
    monkeypatch.setattr(embedded, "processes_in", lambda folder: [folder] * 18)
    finding = examine()["leftovers"]
    assert (finding.ok, finding.seen, finding.remedy) == (
        False,
        "processes of a check: 18",
        "If no check is running now: labs down",
    )


def test_doctor_says_what_to_type_after_a_kill(examine, monkeypatch):
    killed = [
        services.Status("primary", "killed", "", "labs up 03"),
        *(services.Status(n, "killed", "", "labs up saas") for n in ("stripe", "mixpanel")),
    ]
    monkeypatch.setattr(
        services, "status", lambda _: [*killed, services.Status("standby", "stopped", "", "labs up 03")]
    )
    finding = examine()["services"]
    assert (finding.ok, finding.seen, finding.remedy) == (
        False,
        "killed: primary, stripe, mixpanel",
        "Type: labs up 03; then: labs up saas",
    )


def test_a_status_line_says_what_to_type_within_80_columns():
    line = services.Status("primary", "killed", "127.0.0.1:65535", "labs up 03").line()
    assert (line.endswith("type: labs up 03"), len(line) < 80) == (True, True)


def test_a_service_that_lives_has_nothing_to_be_typed_for_it():
    line = services.Status("primary", "running", "127.0.0.1:65535").line()
    assert line == "primary        running    127.0.0.1:65535"


@pytest.mark.parametrize("name, command", [("postgres", "labs up 03"), ("saas", "labs up saas")])
def test_a_service_is_started_by_a_command_that_starts_it_alone(name, command):
    assert services.starts(name) == command


def test_doctor_finds_nothing_missing_here(examine):
    assert [f.line() for f in examine().values() if not f.ok and not f.optional] == []


def test_doctor_shows_no_remedy_for_what_is_well(examine):
    assert [f.name for f in examine().values() if f.ok and "\n" in f.line()] == []


def test_what_is_optional_does_not_fail_doctor(run, examine, monkeypatch):
    LACKS["Docker"][0](monkeypatch)
    assert run("doctor").exit_code == 0


def test_what_must_be_fixed_fails_doctor(run, examine, monkeypatch):
    LACKS["memory"][0](monkeypatch)
    assert run("doctor").exit_code == 1


def test_the_verdict_names_what_to_fix_first(examine, monkeypatch):
    LACKS["disk"][0](monkeypatch)
    assert doctor.verdict(list(examine().values())) == "Fix these first: disk."


def test_the_verdict_on_a_good_machine_is_one_sentence(examine):
    assert doctor.verdict(list(examine().values())) == "This machine is ready for every lab."
