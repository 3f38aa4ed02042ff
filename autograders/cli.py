"""The `labs` command: the learners' verbs of `environments.cli`, and those that grade."""

import sys

import click

from environments.cli import as_json, labs_argument, main, show


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
    marks = score(one.notebook)
    show(json, as_dict(one, marks), as_lines(one, marks))
    sys.exit(0 if all(m.points == m.most for m in marks if not m.by_hand) else 1)


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
@labs_argument
@click.option("--jobs", default=2, show_default=True, help="Notebooks graded at once.")
@as_json
def prove(labs, jobs: int, json: bool):
    """Grade right and wrong answers kept under tests/, and show that the grader tells them apart."""
    from autograders.prove import prove, table

    proofs = [proof for one in labs if (proof := prove(one, jobs, lambda line: click.echo(line, err=True)))]
    show(json, {"labs": [p.as_dict() for p in proofs]}, [line for p in proofs for line in table(p)])
    sys.exit(0 if all(p.holds for p in proofs) else 1)
