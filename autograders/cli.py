"""The `labs` command: the learners' verbs of `environments.cli`, and those that grade."""

import sys
from contextlib import nullcontext

import click

from environments.cli import as_json, main, show


@main.command()
@click.argument("number", metavar="NN")
@as_json
def check(number: str, json: bool):
    """Run your notebook of a lab from top to bottom; say what it scores and what to look at."""
    from autograders.report import as_dict, as_lines
    from autograders.score import score
    from environments.course import lab

    one = lab(number)
    click.echo(f"running lab {one.number} from top to bottom, a minute or two ...", err=True)
    scored = score(one)
    show(json, as_dict(one, scored), as_lines(one, scored))
    sys.exit(0 if all(m.points == m.most for m in scored.marks if not m.by_hand) else 1)


@main.command()
@click.option("--check", is_flag=True, help="Only say whether labs/ is what solutions/ makes; exit status 1 where not.")
def release(check: bool):
    """Derive the student copies in labs/ from solutions/, with nbgrader."""
    from autograders.release import release

    changed = release(check)
    if check and changed:
        click.echo(f"labs/ differs from what solutions/ makes: {', '.join(changed)}. Run: make release", err=True)
        sys.exit(1)
    click.echo(f"released: {', '.join(changed)}" if changed else "labs/ is what solutions/ makes")


@main.command()
@click.argument("numbers", metavar="[NN]...", nargs=-1)
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Notebooks graded at once. [default: one a processor, more where "
              "checks wait for servers]")
@click.option("--no-sandbox", is_flag=True, help="Run all of it with your own rights, attacks included.")
@as_json
def prove(numbers, jobs, no_sandbox: bool, json: bool):
    """Grade the answers and attacks kept under tests/, and show that the grader tells them apart."""
    from autograders.grading.assignments import assignment, assignments
    from autograders.prove import prove, table

    chosen = [assignment(number) for number in numbers] or assignments()
    proofs = [proof for one in chosen if (proof := prove(one, jobs, lambda line: click.echo(line, err=True), not no_sandbox))]
    show(json, {"labs": [p.as_dict() for p in proofs]}, [line for p in proofs for line in table(p)])
    sys.exit(0 if all(p.holds for p in proofs) else 1)


@main.command()
@click.argument("numbers", metavar="[NN]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every lab of which something was handed in.")
@click.option("--submitted", metavar="DIR", help="nbgrader's folder of submissions, a folder of notebooks, or the export of "
              "Canvas, Moodle, Blackboard, Brightspace or Gradescope. [default: submitted/]")
@click.option("--students", metavar="CSV", help="The class: a column `id`, and any others by which your platform names students; "
              "or what your platform exports.")
@click.option("--pattern", metavar="REGEX", help="How files are named, with a group (?P<student>...), and perhaps one (?P<attempt>...).")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Submissions graded at once. [default: one a processor, more "
              "where checks wait for servers]")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on the workers of a Dask scheduler, such as tcp://10.0.0.7:8786.")
@click.option("--no-sandbox", is_flag=True, help="Run students' code with your own rights. Only if you trust all of it.")
@click.option("--csv", metavar="FILE", help="Write the marks of one lab, those given by hand included.")
@as_json
def grade(numbers, every, submitted, students, pattern, jobs, scheduler, no_sandbox, csv, json):
    """Grade everyone's submission of a lab, into nbgrader's gradebook. Killed and run again, it does what is left."""
    from autograders.grading.assignments import imported_by
    from autograders.grading.warm import quick_imports, spare

    with nullcontext() if scheduler else spare(imported_by(numbers)):
        with quick_imports():
            from autograders.grading.command import grade_labs
        whole = grade_labs(numbers, every, submitted, students, pattern, jobs, scheduler, not no_sandbox, csv, json)
    sys.exit(0 if whole else 1)
