"""The `labs` command: the learners' verbs of `environments.cli`, and those that grade."""

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from environments.cli import as_json, main, show


@main.command()
@click.argument("number", metavar="NN")
@as_json
def check(number: str, json: bool):
    """Run your notebook of a lab from top to bottom; say what it scores and what to look at."""
    from autograders.progress import Progress
    from environments.course import lab

    chosen = lab(number)
    click.echo(f"running lab {chosen.number} from top to bottom: every cell, then the score", err=True)
    with Progress() as progress:
        progress.begin("getting ready")
        from autograders.report import as_dict, as_lines
        from autograders.score import score

        scored = score(chosen, progress.begin)
    show(json, as_dict(chosen, scored), as_lines(chosen, scored))
    sys.exit(0 if all(m.points == m.most for m in scored.marks if not m.by_hand) else 1)


@main.command()
@click.argument("number", metavar="NN")
@click.argument("name", metavar="NAME")
@click.option("--title", metavar="TEXT", help="Its heading. [default: the name in words]")
@click.option("--question", metavar="TEXT", help="The question it answers.")
@click.option("--objective", metavar="TEXT", help="What a student can do afterwards.")
@click.option("--level", metavar="LEVEL", help="Bloom's, from Remember to Create.")
@click.option("--minutes", type=click.IntRange(1), metavar="N", help="How long it takes. [default: 60]")
@click.option("--service", "services", metavar="NAME", multiple=True,
              help="A service that it needs, such as postgres; repeat it for more.")
def new(number: str, name: str, services: tuple[str, ...], **given):
    """Make a lab that works from its first minute: one exercise with its check, known answers, a deck.

    It is put into every list of labs. A planned lab keeps what is planned: labs new 05 warehouse_dbt
    """
    from autograders.new_lab import new_lab, next_steps
    from autograders.publish import require_whole_course

    require_whole_course()
    made = new_lab(number, name, services=list(services) or None, **given)
    click.echo("\n".join(next_steps(made)))


@main.command()
@click.option("--check", is_flag=True, help="Only say whether labs/ is what solutions/ makes; exit status 1 where not.")
def release(check: bool):
    """Derive the student copies in labs/ from solutions/, with nbgrader. What a person wrote there is kept aside."""
    from autograders.publish import require_whole_course
    from autograders.release import release
    from environments.workspace import shown

    require_whole_course()
    done = release(check)
    if check and done.changed:
        click.echo(f"labs/ differs from what solutions/ makes: {', '.join(done.changed)}. Run: make release", err=True)
    if check and done.written:
        click.echo(f"labs/ has work in it that solutions/ does not make: {', '.join(done.written)}. It may stay;\n"
                   "`labs update` gets a newer course and keeps answers, `make release` puts the work aside.", err=True)
    if check and (done.changed or done.written):
        sys.exit(1)
    names = sorted(done.changed + done.written)
    click.echo(f"released: {', '.join(names)}" if names else "labs/ is what solutions/ makes")
    for file in done.kept:
        click.echo(f"kept what was written there as {shown(file)}")


@main.command()
@click.option("--from", "source", metavar="FOLDER|ZIP", help="A newer copy of the course, where this is no git clone.")
def update(source: str | None):
    """Get a newer course. What you wrote in the labs is carried over; what has no place there is kept aside."""
    from autograders.updating import update_course

    for line in update_course(source).lines():
        click.echo(line)


@main.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
def publish(folder: Path):
    """Write a copy of the course for students into FOLDER: without solutions, hidden tests and known answers."""
    from autograders.publish import publish

    done = publish(folder)
    click.echo(
        f"published: {done.files} files in {folder}. "
        "To hand it out, make it a repository of its own, private or public."
    )
    for file in done.kept:
        click.echo(f"kept what was changed there as {file}")


@main.command()
@click.argument("numbers", metavar="[NN]...", nargs=-1)
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Notebooks graded at once. [default: one per CPU, "
              "three per CPU for labs with services]")
@click.option("--mutants", is_flag=True, help="Grade machine-made mistakes in the reference answers instead.")
@click.option(
    "--cell", "cells", metavar="NAME", multiple=True, help="With --mutants: this answer alone. May be repeated."
)
@click.option("--clauses", is_flag=True, help="Show instead which cases cover each clause of a graded docstring.")
@click.option("--no-sandbox", is_flag=True, help="Run all of it with your own rights, attacks included.")
@as_json
def prove(numbers, jobs, mutants: bool, cells, clauses: bool, no_sandbox: bool, json: bool):
    """Grade the known answers and attacks of each lab, and show that the grader tells them apart."""
    from autograders.grading.assignments import assignment, assignments
    from autograders.prove import prove, table
    from autograders.publish import require_whole_course

    require_whole_course()
    if cells and not mutants:
        raise click.UsageError("--cell is for --mutants.")
    if clauses and mutants:
        raise click.UsageError("--clauses and --mutants are two proofs: run one after the other.")
    chosen = [assignment(number) for number in numbers] or assignments()

    def say(line: str) -> None:
        click.echo(line, err=True)

    if clauses:
        from autograders.clauses import coverage

        covered = [coverage(graded) for graded in chosen]
        show(json, {"labs": [c.as_dict() for c in covered]}, [line for c in covered for line in c.lines()])
        sys.exit(0 if all(c.holds for c in covered) else 1)
    if mutants:
        from autograders.survivors import survivors

        survived = [survivors(graded, jobs, say, not no_sandbox, frozenset(cells)) for graded in chosen]
        show(json, {"labs": [s.as_dict() for s in survived]}, [line for s in survived for line in s.lines()])
        sys.exit(0 if all(s.holds for s in survived) else 1)
    proofs = [proof for graded in chosen if (proof := prove(graded, jobs, say, not no_sandbox))]
    show(json, {"labs": [p.as_dict() for p in proofs]}, [line for p in proofs for line in table(p)])
    sys.exit(0 if all(p.holds for p in proofs) else 1)


@main.command()
@click.argument("numbers", metavar="[NN]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every lab with at least one submission.")
@click.option(
    "--submitted",
    metavar="DIR",
    help="nbgrader's folder of submissions, a folder of notebooks, or the export of "
    "Canvas, Moodle, Blackboard, Brightspace or Gradescope. [default: submitted/]",
)
@click.option(
    "--students",
    metavar="CSV",
    help="The class: a column `id`, and any others by which your platform names students; "
    "or what your platform exports.",
)
@click.option(
    "--pattern",
    metavar="REGEX",
    help="How files are named, with a group (?P<student>...), and perhaps one (?P<attempt>...).",
)
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Submissions graded at once. [default: one per CPU, "
              "three per CPU for labs with services]")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on the workers of a Dask scheduler, such as tcp://10.0.0.7:8786.")
@click.option(
    "--no-sandbox", is_flag=True, help="Run students' code with your own rights. Only if you trust all of it."
)
@click.option("--csv", metavar="FILE", help="Write the marks of one lab, those given by hand included.")
@as_json
def grade(numbers, every, submitted, students, pattern, jobs, scheduler, no_sandbox, csv, json):
    """Grade everyone's submission of a lab into nbgrader's gradebook. If interrupted, run it again: it continues."""
    from autograders.grading.assignments import imported_by
    from autograders.grading.warm import quick_imports, spare
    from autograders.publish import require_whole_course

    require_whole_course()
    with nullcontext() if scheduler else spare(imported_by(numbers)):
        with quick_imports():
            from autograders.grading.command import grade_labs
        whole = grade_labs(numbers, every, submitted, students, pattern, jobs, scheduler, not no_sandbox, csv, json)
    sys.exit(0 if whole else 1)
