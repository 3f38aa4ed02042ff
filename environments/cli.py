"""The `labs` command for learners. Each verb imports what it needs when it runs, so that --help is instant."""

import errno
import os
import sys

import click

from environments.errors import LabsError


_FULL = "the disk of {} is full.\nMake room, then run this again."
_NOT_YOURS = ("no permission for {}. Was it made by root or another user?\n"
              "Give it back with: sudo chown -R $USER, or set LABS_HOME to another folder.")
_MENDABLE = {errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EACCES: _NOT_YOURS, errno.EPERM: _NOT_YOURS, errno.EROFS: _NOT_YOURS}


class Command(click.Group):
    """A group whose predictable errors are one or two lines and exit status 1."""

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except LabsError as e:
            click.echo(f"labs: {e}", err=True)
            ctx.exit(1)
        except OSError as e:
            if e.errno not in _MENDABLE:
                raise
            click.echo(f"labs: {_MENDABLE[e.errno].format(os.path.dirname(e.filename or '') or 'the workspace')}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            click.echo("labs: stopped by you", err=True)
            ctx.exit(130)


as_json = click.option("--json", "json", is_flag=True, help="Print JSON, for a program to read.")


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main():
    """Stack from Zero: build a startup's data stack, break it, and be told how well it works."""


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
    """Say what this machine lacks for the course, and how to mend it."""
    from environments.doctor import examine

    findings = examine()
    show(json, [f.as_dict() for f in findings], [f.line() for f in findings])
    sys.exit(0 if all(f.ok or f.optional for f in findings) else 1)


@main.command("list")
@as_json
def list_(json: bool):
    """The labs, and which of them can be taken."""
    from environments.course import labs

    show(json, [one.as_dict() for one in labs()],
         [f"{one.name:20} {one.minutes:4} min  {one.question if one.ready else '(to come)'}" for one in labs()])


def worlds(command):
    """The options that choose a simulated world: `seed`, `size` and `clock`, None where not given."""
    for option in (
            click.option("--seed", metavar="N", callback=_seed, help="The number it grows from. [default: your workspace's]"),
            click.option("--size", metavar="SIZE", callback=_one_of("small", "medium", "large"),
                         help="small, medium or large: 1, 10 or 100 million events. [default: small]"),
            click.option("--clock", metavar="CLOCK", callback=_one_of("fixed", "real"),
                         help="fixed: it is always the same day there; real: the world ends now. [default: fixed]")):
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
@click.argument("numbers", metavar="[NN | saas]...", nargs=-1)
@worlds
@click.option("--timezone", metavar="ZONE", callback=_timezone,
              help="Time zone of the Mixpanel project, such as America/Los_Angeles. [default: UTC]")
@as_json
def up(numbers, json: bool, **world):
    """Start the services that a lab needs, or those of all labs; mend what was killed.

    `saas` starts the simulated Stripe, Mixpanel and Amplitude. With --json it prints their addresses and keys.
    """
    from environments import services
    from environments.course import lab, labs
    from environments.workspace import Workspace

    asked = {"saas": world} if "saas" in numbers else {}
    if not asked and (json or any(world.values())):
        raise LabsError("--json, --seed, --size, --clock and --timezone are for the simulator: labs up saas --clock real")
    chosen = [lab(n) for n in numbers if n != "saas"] if numbers else [one for one in labs() if one.ready]
    for line in services.up(chosen, Workspace.here(), **asked) or ["everything was running already"]:
        click.echo(line, err=json)
    if json:
        show(json, services.service("saas", Workspace.here()).client().as_dict(), [])


@main.command()
@worlds
@as_json
def truth(json: bool, **world):
    """What is true of the simulated world: how much each API holds, and the metrics, to the cent."""
    from environments.saas.service import SaaS
    from environments.saas.truth import lines, truth
    from environments.workspace import Workspace

    workspace = Workspace.here()
    found = truth(SaaS(workspace).wish(keep=False, **world), workspace)
    show(json, found, lines(found))


@main.command()
def down():
    """Stop every service of this course. Nothing is lost."""
    from environments import services
    from environments.workspace import Workspace

    for line in services.down(Workspace.here()) or ["nothing was running"]:
        click.echo(line)


@main.command()
@as_json
def status(json: bool):
    """What each service is doing."""
    from environments import services
    from environments.workspace import Workspace

    found = services.status(Workspace.here())
    show(json, [s.as_dict() for s in found], [f"{s.service:10} {s.state:10} {s.where}" for s in found])


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
