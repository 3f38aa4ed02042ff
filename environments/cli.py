"""The `labs` command for learners. Each verb imports what it needs when it runs, so that --help is instant."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from environments.errors import LabsError


class Verbs(click.Group):
    """A group whose help shows of each command its first sentence, whole: click's own cuts it where the line ends."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(verb, (command.help or "").split("\n")[0]) for verb, command in sorted(self.commands.items())]
            )


class Command(Verbs):
    """A group whose predictable errors are one or two lines and exit status 1.

    With --json every error is JSON on stdout: {"error": ..., "next": ...}, also a command line that makes no sense.
    """

    def make_context(self, info_name, args, parent=None, **extra) -> click.Context:
        json = any(arg.split("=")[0] == "--json" for arg in args)
        with _errors_as_messages(json, info_name):
            context = super().make_context(info_name, args, parent, **extra)
        context.obj = json
        return context

    def invoke(self, ctx: click.Context):
        with _errors_as_messages(ctx.obj, ctx.info_name or "labs", lambda: ctx.invoked_subcommand):
            return super().invoke(ctx)


@contextmanager
def _errors_as_messages(json: bool, program: str, verb: Callable[[], str | None] = lambda: None) -> Iterator[None]:
    """Errors are told to a person, or with `json` to a program, and end the command with their exit status."""
    try:
        yield
    except (click.exceptions.Exit, BrokenPipeError):
        raise
    except (Exception, KeyboardInterrupt) as e:
        expected = _expected(e)
        if not json and (not expected or isinstance(e, (click.ClickException, click.Abort))):
            raise  # with its traceback, or in click's own words
        error, status = expected or _unexpected(e)
        if not (json and _printed(error, " ".join(filter(None, (program, verb(), "--help"))))):
            click.echo(f"labs: {error.what if isinstance(e, KeyboardInterrupt) else error}", err=True)
        raise click.exceptions.Exit(status) from None


def _printed(error: LabsError, usage: str) -> bool:
    """An error as JSON; whether stdout took it, which may itself be what is full."""
    try:
        show(True, {"error": error.what, "next": error.next or f"See `{usage}`."}, [])
    except OSError:
        return False
    return True


def _expected(e: BaseException) -> tuple[LabsError, int] | None:
    """What happened and what to do next, with the exit status; None where nobody foresaw this."""
    from environments.causes import of_system

    if isinstance(e, LabsError):
        return e, 1
    if isinstance(e, click.ClickException):
        return LabsError(e.format_message(), ""), e.exit_code
    if isinstance(e, (click.Abort, KeyboardInterrupt)):
        return LabsError("interrupted", "Run the same command again."), 130 if isinstance(e, KeyboardInterrupt) else 1
    known = of_system(e) if isinstance(e, OSError) else None
    return (known, 1) if known else None


def _unexpected(e: BaseException) -> tuple[LabsError, int]:
    sys.excepthook(type(e), e, e.__traceback__)
    defect = "This is a defect of the course: report it, with what stderr shows."
    return LabsError(f"{type(e).__name__}: {e}", defect), 1


as_json = click.option("--json", "json", is_flag=True, help="Print JSON, for a program to read.")


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main():
    """Stack from Zero: build a startup's data stack, break it, and see right away how well it holds up."""


@main.command()
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--instructor", is_flag=True, help="With nbgrader's formgrader, for grading a class.")
def start(no_browser: bool, instructor: bool):
    """Open JupyterLab on the start page, and print its address."""
    from environments.jupyter import start

    sys.exit(start(click.echo, browser=not no_browser, instructor=instructor))


@main.command()
@as_json
def doctor(json: bool):
    """Check that this machine can run the course, and show how to fix what is missing."""
    from environments.doctor import examine

    findings = examine()
    show(json, [f.as_dict() for f in findings], [f.line() for f in findings])
    sys.exit(0 if all(f.ok or f.optional for f in findings) else 1)


@main.command("list")
@as_json
def list_(json: bool):
    """The labs, and which of them can be taken."""
    from environments.course import labs

    show(json, [lab.as_dict() for lab in labs()],
         [f"{lab.name:20} {lab.minutes:4} min  {lab.question if lab.ready else '(to come)'}" for lab in labs()])


def worlds(command):
    """The options that choose a simulated world: `seed`, `size` and `clock`, None where not given."""
    for option in (
        click.option(
            "--seed", metavar="N", callback=_seed, help="The number it grows from. [default: your workspace's]"
        ),
        click.option(
            "--size",
            metavar="SIZE",
            callback=_one_of("small", "medium", "large"),
            help="small, medium or large: 1, 10 or 100 million events. [default: small]",
        ),
        click.option(
            "--clock",
            metavar="CLOCK",
            callback=_one_of("fixed", "real"),
            help="fixed: the simulated date never changes; real: the data runs up to today. [default: fixed]",
        ),
    ):
        command = option(command)
    return command


def _one_of(*values: str):
    def checked(ctx, option, value: str | None):
        if value is not None and value not in values:
            raise LabsError(f"--{option.name} is '{value}': choose {', '.join(values[:-1])} or {values[-1]}.")
        return value

    return checked


def _seed(ctx, option, value: str | None) -> int | None:
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= 18 and int(value)):
        raise LabsError(f"--seed is '{value}': give a whole number of 1 or more, 18 digits at most.")
    return int(value)


def _timezone(ctx, option, value: str | None) -> str | None:
    from zoneinfo import ZoneInfo

    try:
        return value if value is None else ZoneInfo(value).key
    except (ValueError, OSError, KeyError):
        raise LabsError(f"--timezone is '{value}': give a name such as America/Los_Angeles or UTC.") from None


@main.command()
@click.argument("numbers", metavar="[NN | SERVICE]...", nargs=-1)
@worlds
@click.option("--timezone", metavar="ZONE", callback=_timezone,
              help="Time zone of the Mixpanel project, such as America/Los_Angeles. [default: UTC]")
@click.option("--definitions", metavar="FILE", help="What Dagster runs: a Python file, or a module. "
              "[default: what it ran last]")
@as_json
def up(numbers, json: bool, definitions: str | None, **world):
    """Start the services that a lab needs, or those of all labs; restart what was killed.

    A service has a name, too: `saas` is the simulated Stripe, Mixpanel and Amplitude, `alerts` an inbox for alerts,
    `dagster` Dagster's pages and daemon, `bi` a BI tool, which is installed on first use. --json prints where
    everything is, and what opens it.
    """
    from environments import services
    from environments.course import lab, labs
    from environments.workspace import Workspace

    options = {"saas": world, "dagster": {"definitions": definitions}}
    asked = {name: options.get(name, {}) for name in numbers if name in services.BY_NAME}
    if "saas" not in asked and any(world.values()):
        raise LabsError(
            "--seed, --size, --clock and --timezone are for the simulator. Name it: labs up saas --clock real"
        )
    if "dagster" not in asked and definitions:
        raise LabsError("--definitions is for Dagster. Name it: labs up dagster --definitions FILE")
    chosen = [lab(n) for n in numbers if n not in asked] if numbers else [entry for entry in labs() if entry.ready]
    workspace = Workspace.here()
    for line in services.up(chosen, workspace, **asked) or ["everything was running already"]:
        click.echo(line, err=json)
    if json:
        show(json, services.places(chosen, workspace, **asked), [])


@main.group(cls=Verbs)
def plan():
    """Check a company's tracking plan, compare two versions of it, write it in other tools' forms.

    A plan is a YAML file: docs/tracking_plan/README.md has its form and its rules. `check` and `diff` end with exit
    status 1 where something must be done, so they serve as a pre-commit hook or in CI.
    """


@plan.command("check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--strict", is_flag=True, help="Warnings must be dealt with, too.")
@as_json
def check_plan(files: tuple[str, ...], strict: bool, json: bool):
    """Say what breaks the rules: file, line, place, and what to do. `-` is standard input."""
    from environments.tracking.command import check

    _tell(json, check(files, strict))


@plan.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@as_json
def diff_plans(old: str, new: str, json: bool):
    """Say what changed, what of it is breaking, and the version it needs.

    `-` is standard input: git show main:plan.yaml | labs plan diff - plan.yaml
    """
    from environments.tracking.command import diff

    _tell(json, diff(old, new))


@plan.command("export")
@click.argument("file", metavar="FILE")
@click.argument("tool", metavar="TOOL")
@click.argument("folder", metavar="FOLDER")
@as_json
def export_plan(file: str, tool: str, folder: str, json: bool):
    """Write a plan in the form of another tool, or typed functions that send its events.

    TOOL is rudderstack, segment, snowplow, amplitude, mixpanel, python or typescript. Files of the same
    names in FOLDER are replaced.
    """
    from environments.tracking.command import export

    _tell(json, export(file, tool, folder))


@plan.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def import_plan(files: tuple[str, ...]):
    """Print a plan made from the files of RudderStack's catalogue (rudder/v1).

    labs plan import events.yaml properties.yaml tracking-plan.yaml > plan.yaml
    """
    from environments.tracking.command import imported

    click.echo(imported(files), nl=False)


def _tell(json: bool, said) -> None:
    show(json, said.value, said.lines)
    sys.exit(0 if said.well else 1)


@main.command()
@worlds
@as_json
def truth(json: bool, **world):
    """What is true of the simulated world: how much each API holds, and the metrics, to the cent."""
    from environments.saas.service import SimulatorService
    from environments.saas.truth import lines, truth
    from environments.workspace import Workspace

    workspace = Workspace.here()
    found = truth(SimulatorService(workspace).wish(keep=False, **world), workspace)
    show(json, found, lines(found))


@main.command()
@click.option(
    "--jupyter", is_flag=True, help="JupyterLab too, also where its terminal is gone. Save your notebooks first."
)
def down(jupyter: bool):
    """Stop every service of this course. Nothing is lost."""
    from environments import services
    from environments.workspace import Workspace

    workspace = Workspace.here()
    done = services.down(workspace)
    if jupyter:
        from environments.jupyter import stop

        done += stop(workspace)
    for line in done or ["nothing was running"]:
        click.echo(line)


@main.command()
@as_json
def status(json: bool):
    """What each service is doing."""
    from environments import services
    from environments.workspace import Workspace

    found = services.status(Workspace.here())
    show(json, [s.as_dict() for s in found], [s.line() for s in found])


@main.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool):
    """Start over: stop everything and forget the services' data. Your notebooks stay."""
    from environments import services
    from environments.workspace import Workspace

    if not yes:
        click.confirm("Stop all services and delete their data? Your notebooks stay.", abort=True)
    services.reset(Workspace.here())
    click.echo("done: the next `labs up` starts from nothing")


def show(json: bool, value, lines: list[str]) -> None:
    """Print a value for a program or for a person."""
    from environments.workspace import as_json

    click.echo(as_json(value) if json else "\n".join(lines))
