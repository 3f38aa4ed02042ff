"""`labs plan` with its commands, as a person, a program and a pre-commit hook run them."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from autograders.cli import main
from environments.stack.tracking_plan import REFERENCE
from tests.waits import HANG

WELL = REFERENCE.read_text()
BROKEN = "name: shop\nversion: 1-0-0\nevents:\n  Buy Button Clicked: {}\n"
WARNED = WELL.replace("    answers: [retention]\n", "", 1).replace("  retention: How", "  # retention: How")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments, input=None, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text)
        return CliRunner().invoke(main, ["plan", *arguments], input=input, prog_name="labs")

    return run


def test_a_plan_that_keeps_the_rules_is_one_line(run):
    said = run("check", "plan.yaml", plan=WELL)
    assert (said.exit_code, said.output) == (0, "plan.yaml: 14 events, 0 errors, 0 warnings\n")


def test_what_breaks_a_rule_is_said_with_file_line_place_and_what_to_do(run):
    said = run("check", "plan.yaml", plan=BROKEN)
    assert said.exit_code == 1 and (
        "plan.yaml:4: error TP203 /events/Buy Button Clicked: nobody owns `Buy Button Clicked`. "
        "Add `owner:` here, or to the plan: a team that is asked.\n") in said.output


def test_a_hook_gives_several_files_and_all_are_checked(run):
    said = run("check", "plan.yaml", "other.yaml", plan=BROKEN, other="nothing")
    assert [line.split(":")[0] for line in said.output.splitlines()][-2:] == ["other.yaml", "other.yaml"]


@pytest.mark.parametrize("options, status", [([], 0), (["--strict"], 1)])
def test_a_warning_fails_where_that_is_asked_for(run, options, status):
    said = run("check", *options, "plan.yaml", plan=WARNED)
    assert (said.exit_code, "0 errors, 1 warning\n" in said.output) == (status, True)


def test_diagnostics_are_json_for_a_program(run):
    found = json.loads(run("check", "--json", "plan.yaml", plan=BROKEN).output)["diagnostics"]
    assert {"TP104", "TP202"} < {each["code"] for each in found} and set(found[0]) == {
        "code", "severity", "file", "line", "pointer", "message", "next"}


def test_a_file_that_is_missing_is_a_message_of_two_lines(run):
    said = run("check", "plan.yaml")
    assert (said.exit_code, said.output) == (
        1, "labs: plan.yaml cannot be read: No such file or directory.\n"
        "Name a tracking plan's file, such as plan.yaml.\n")


def test_a_plan_from_standard_input_is_checked(run):
    assert run("check", "-", input=BROKEN).output.splitlines()[-1].startswith("stdin: 1 event, ")


def test_a_breaking_change_without_its_version_fails_with_the_reason(run):
    said = run("diff", "old.yaml", "new.yaml", old=WELL, new=WELL.replace("      servings:\n", "      portions:\n"))
    assert said.exit_code == 1 and said.output.splitlines()[-1].startswith(
        "version 1-0-0 -> 1-0-0: too low, 2-0-0 is needed, because of /events/Recipe Added/properties/")


def test_the_same_change_with_its_version_passes(run):
    new = WELL.replace("      servings:\n", "      portions:\n").replace("version: 1-0-0", "version: 2-0-0")
    assert run("diff", "old.yaml", "new.yaml", old=WELL, new=new).exit_code == 0


def test_the_older_version_may_come_from_git(run):
    said = run("diff", "-", "new.yaml", input=WELL, new=WELL)
    assert (said.exit_code, said.output) == (0, "version 1-0-0 -> 1-0-0: enough, 1-0-0 is needed\n")


def test_changes_are_json_for_a_program(run):
    found = json.loads(run("diff", "--json", "old.yaml", "new.yaml", old=WELL, new=WELL.replace(
        "values: [web, ios, android]", "values: [web, ios]")).output)
    assert (found["needed"], found["enough"], found["changes"][0]["compatible"]) == ("1-1-0", False, "forward")


def test_what_is_no_plan_cannot_be_compared(run):
    said = run("diff", "old.yaml", "new.yaml", old=WELL, new="5")
    assert (said.exit_code, said.output) == (
        1, "labs: new.yaml:1: error TP001: A number stands here. Write a mapping (`key: value`).\n")


def test_the_help_says_of_each_command_its_whole_first_sentence(run):
    said = " ".join(run("--help").output.split())
    assert [name for name, command in main.commands["plan"].commands.items()
            if " ".join(command.help.split("\n\n")[0].split()) not in said] == []


def test_an_export_names_the_files_that_it_wrote(run):
    said = run("export", "plan.yaml", "segment", "out", plan=WELL)
    assert (said.exit_code, said.output) == (0, "out/tracking-plan.json\n")


def test_an_export_for_an_unknown_tool_names_the_known_ones(run):
    said = run("export", "plan.yaml", "heap", "out", plan=WELL)
    assert (said.exit_code, "Choose one of: rudderstack, " in said.output) == (1, True)


def test_what_was_exported_for_rudderstack_is_imported_as_a_plan(run):
    files = json.loads(run("export", "--json", "plan.yaml", "rudderstack", "out", plan=WELL).output)["files"]
    back = run("import", *files).output
    assert run("check", "-", input=back).output.splitlines()[-1].startswith("stdin: 14 events, ")


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"], ["list"]], ids=str)
def test_what_needs_no_plan_imports_nothing_of_it(arguments):
    code = (f"import sys; from autograders.cli import main; main({arguments!r}, standalone_mode=False)\n"
            "print(*[m for m in sys.modules if m.startswith(('environments.tracking', 'yaml', 'jsonschema'))], "
            "file=sys.stderr)")
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=HANG)
    assert said.stderr.split() == []
