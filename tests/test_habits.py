"""What a repository promises beside its code: changelog, citation, forms for issues, and a lock that is refreshed."""

import re
import subprocess
import tomllib
from datetime import date

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from environments.place import COURSE

FORMS = sorted(path for path in (COURSE / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
# docs.github.com, "Syntax for GitHub's form schema", read on 2026-11-30.
ELEMENTS = {"markdown", "textarea", "input", "dropdown", "checkboxes"}


def text(name: str) -> str:
    return (COURSE / name).read_text(encoding="utf-8")


def project() -> dict:
    return tomllib.loads(text("pyproject.toml"))["project"]


# Versions

def test_the_changelogs_newest_version_is_the_projects():
    assert re.findall(r"(?m)^## \[(\d[^\]]*)\]", text("CHANGELOG.md"))[0] == project()["version"]


def test_every_version_in_the_changelog_has_its_day():
    headings = [line for line in text("CHANGELOG.md").splitlines() if line.startswith("## ")]
    days = [re.fullmatch(r"## \[\d+\.\d+\.\d+\] - (\d{4}-\d\d-\d\d)", line) for line in headings[1:]]
    assert headings[0] == "## [Unreleased]" and [date.fromisoformat(day[1]) for day in days if day] and all(days)


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load(text("CITATION.cff"))
    assert citation["version"] == project()["version"]
    assert f"## [{citation['version']}] - {citation['date-released']}" in text("CHANGELOG.md")


def test_the_citation_has_what_its_format_requires():
    """github.com/citation-file-format/citation-file-format, schema-guide.md of 1.2.0, read on 2026-11-30."""
    citation = yaml.safe_load(text("CITATION.cff"))
    assert {"authors", "cff-version", "message", "title"} <= citation.keys()
    assert (citation["cff-version"], citation["type"]) == ("1.2.0", "software") and all(
        author.keys() == {"name"} for author in citation["authors"]
    )


def test_the_citations_licences_are_the_projects():
    assert " AND ".join(yaml.safe_load(text("CITATION.cff"))["license"]) == project()["license"]


# Issues

@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_has_the_elements_that_github_knows(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= form.keys() and {element["type"] for element in form["body"]} <= ELEMENTS


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_question_of_a_form_has_a_label_and_an_id_of_its_own(path):
    asked = [
        element for element in yaml.safe_load(path.read_text(encoding="utf-8"))["body"] if element["type"] != "markdown"
    ]
    assert (
        len({element["id"] for element in asked})
        == len({element["attributes"]["label"] for element in asked})
        == len(asked)
    )


def test_who_lost_points_is_asked_for_lab_check_message_and_seed_and_for_no_answer():
    form = yaml.safe_load(text(".github/ISSUE_TEMPLATE/lost_points.yml"))
    required = {element["id"] for element in form["body"] if element.get("validations", {}).get("required")}
    assert {"lab", "check", "message", "seed"} <= required
    assert "do not paste your answer" in form["body"][0]["attributes"]["value"]


def test_the_seed_is_where_the_form_says(tmp_path, monkeypatch):
    from environments.workspace import Workspace

    workspace = Workspace(tmp_path / ".labs")
    monkeypatch.delenv("LABS_SEED", raising=False)
    assert (tmp_path / ".labs/state/seed", str(workspace.seed)) == (
        workspace.note("seed"),
        workspace.note("seed").read_text(),
    )


# Dependencies

def test_every_dependency_is_in_the_lock_at_a_version_it_allows():
    locked = dict(re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", text("requirements.lock")))
    extras = project()["optional-dependencies"].values()
    asked = [Requirement(line) for line in (*project()["dependencies"], *(line for extra in extras for line in extra))]
    unmet = [
        str(requirement)
        for requirement in asked
        if not requirement.specifier.contains(locked.get(canonicalize_name(requirement.name), "0"), prereleases=True)
    ]
    assert unmet == [], "type `make lock`"


@pytest.mark.parametrize("typed, upgrades", [(["lock"], False), (["lock", "UPGRADE=1"], True)], ids=["lock", "refresh"])
def test_the_lock_is_made_with_hashes_and_without_the_address_of_an_index(typed, upgrades):
    shown = subprocess.run(["make", "--dry-run", *typed], cwd=COURSE, capture_output=True, text=True, timeout=60).stdout
    assert all(
        option in shown for option in ("--generate-hashes", "--no-emit-index-url", "--universal", "--all-extras")
    )
    assert ("--upgrade" in shown) == upgrades


def test_the_lock_is_refreshed_by_the_command_that_authors_type():
    workflow = yaml.safe_load(text(".github/workflows/lock.yml"))
    assert "make lock UPGRADE=1" in [step.get("run") for step in workflow["jobs"]["refresh"]["steps"]]
    assert workflow[True]["schedule"]  # YAML 1.1 reads the key `on` as true


def test_a_refreshed_lock_is_tested_though_a_workflow_made_its_pull_request():
    assert "workflow_dispatch" in yaml.safe_load(text(".github/workflows/test.yml"))[True]


def test_dependabot_watches_python_and_the_workflows():
    watched = yaml.safe_load(text(".github/dependabot.yml"))
    assert (watched["version"], {update["package-ecosystem"] for update in watched["updates"]}) == (
        2,
        {"pip", "github-actions"},
    )
