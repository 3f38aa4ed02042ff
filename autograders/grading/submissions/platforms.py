"""How learning platforms name what they export, as far as it is known.

Each form tells, of one name on the way to a file, what was handed in at once (its key), by whom, when, and the file's
own name. It tells no more than the platform does: a name is no id, and a time without a zone is good for an order only.

Read on 30 November 2026:
- Canvas: github.com/instructure/canvas-lms, lib/content_zipper.rb at 05e9653 (its source).
- Moodle: github.com/moodle/moodle, mod/assign/classes/downloader.php at 2a6fd31 (its source).
- Blackboard: nbgrader.readthedocs.io/en/stable/user_guide/managing_assignment_files_manually.html, and the README of
  github.com/kwurst/bb-file-cleanup; Blackboard itself does not say.
- Brightspace: no page of D2L says; public scripts that sort its downloads agree (folders "397063-2557369 - Mary-Ann
Smith
  - Sep 24, 2024 926 PM", files "271836-442356 - Blake Payne - Dec 5, 2024 1149 AM - x.zip", an index.html beside
  them). What the two numbers are, none knows: they are used to tell attempts apart and no more.
- Gradescope: otter-grader's parser of its exports (github.com/ucbds-infra/otter-grader), and a test of another one:
  submission_metadata.yml has ":submitters" of each folder with ":name", ":sid", ":email".
"""

import re
from datetime import datetime

import yaml

from autograders.grading.submissions.files import Item
from autograders.grading.submissions.names import student_before
from autograders.grading.submissions.units import Name, Unit
from environments.errors import LabsError

TEXT, LINK = "a text typed into the platform", "a link"
NOTE = "Blackboard's own note of the attempt, with any text that was typed"
WITHOUT_A_LIST = "Give a list with --students, or --pattern"

MOODLE = re.compile(
    r"(?P<name>.+?)(_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)(_(?P<file>.*)|\.html)?", re.DOTALL
)
CANVAS_FILE = r"((?P<entry>text|link)\.html|\d+_(?P<file>.+))"
CANVAS = re.compile(r"(?P<name>.*?)_(?P<late>LATE_)?(?P<number>\d+)_" + CANVAS_FILE, re.DOTALL)
CANVAS_ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?P<id>[^_]+)_" + CANVAS_FILE, re.DOTALL)
BLACKBOARD = re.compile(r"(?P<before>.+?)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)?", re.DOTALL)
# As Canvas' source writes names.
CANVAS_BEGINNING = re.compile(r"(\w*?_(LATE_)?\d+|(LATE_)?anon_[^_]+)_(?P<upload>\d+)_.")
OTHERS_MARK = re.compile(r"_assignsubmission_|_attempt_\d{4}(?:-\d\d){5}")
BRIGHTSPACE = re.compile(r"(?P<numbers>\d+-\d+) - (?P<rest>.+)", re.DOTALL)
GRADESCOPE = re.compile(r"submission_\d+")
GRADESCOPE_LIST = "submission_metadata.yml"
INDEX = "index.html"  # Brightspace's list of what it exported

Form = tuple[str, Unit, str]  # the key, a new unit, and the file's own name, where the name is a file's


def platform_form(part: str) -> Form | None:
    """What a name says in the forms that cannot be mistaken for anything else.

    The platform's part comes first, so what looks like another platform's after it is in the name of a student's file.
    """
    if form := _brightspace(part):
        return form
    mark = OTHERS_MARK.search(part)
    forms = (_moodle, _blackboard) if mark and mark[0] == "_assignsubmission_" else (_blackboard, _moodle)
    return forms[0](part) or forms[1](part)


def canvas_upload(part: str) -> str:
    """Canvas' number of the file,
    where Canvas' form stands before another platform's and either may be the student's."""
    beginning, mark = CANVAS_BEGINNING.match(part), OTHERS_MARK.search(part)
    return beginning["upload"] if beginning and mark and beginning.end("upload") <= mark.start() else ""


def canvas(part: str, assignment: str) -> Form | None:
    """doejane_LATE_12345_67890_lab-1.ipynb: family and given name, the user's number, the file's number, the file.

    With anonymous grading LATE_anon_x7Kq2_67890_lab.ipynb. A text or a link that was handed in has no file's number.
    """
    if match := CANVAS_ANONYMOUS.fullmatch(part):
        names, key = [Name(match["id"], "case")], f"anon_{match['id']}"
    elif (match := CANVAS.fullmatch(part)) and not _is_students_with_numbers(part, assignment):
        names, key = [Name(match["number"], "canvas"), Name(match["name"], "compact")], match["number"]
        names = names if match["name"] else names[:1]
    else:
        return None
    unit = Unit("", names, versions=True, person=key)
    if match["late"]:
        unit.facts.append("Canvas says that it was late, and not when: no late penalty was worked out")
    if match["entry"]:
        unit.entries[part] = TEXT if match["entry"] == "text" else LINK
    return key, unit, match["file"] or part


def _is_students_with_numbers(part: str, assignment: str) -> bool:
    """STUDENT_7_03_LAB.ipynb:
    what stands before the lab's name is too little for Canvas, so its number is the lab's."""
    student = student_before(part, assignment)
    return bool(student) and not CANVAS.fullmatch(f"{student}_x")


def _moodle(part: str) -> Form | None:
    """Jane Doe_12345_assignsubmission_file_, a folder or the beginning of a file's name. The number is not an id.

    With blind marking the name is "Participant"; of a group's work it is the group's, and the number is, too.
    """
    match = MOODLE.fullmatch(part)
    if not match:
        return None
    names = [Name(match["name"])] + ([Name(match["number"], "number")] if match["number"] else [])
    unit = Unit("", names, identifies=False, person=match["number"] or "")
    if match["kind"] == "onlinetext":
        unit.entries[part] = TEXT
    return f"{match['name']}_{match['number']}", unit, match["file"] or ""


def _blackboard(part: str) -> Form | None:
    """Lab 3_jdoe_attempt_2026-11-20-10-00-00_lab.ipynb; the user's name may have underscores, and so may the title.

    The .txt of the same name is Blackboard's own, and has what was typed.
    """
    match = BLACKBOARD.fullmatch(part)
    if not match:
        return None
    words = match["before"].split("_")
    names = [Name("_".join(words[at:])) for at in range(len(words) - 1, 0, -1)]
    unit = Unit("", names, attempt=match["when"] if _is_time(match["when"]) else "", dated=True)
    if part.endswith(".txt") and not match["file"]:
        unit.entries[part] = NOTE
    return f"{match['before']}_attempt_{match['when']}", unit, match["file"] or part


def _is_time(text: str) -> bool:
    try:
        return bool(datetime.strptime(text, "%Y-%m-%d-%H-%M-%S"))
    except ValueError:
        return False


def check_blackboard(units: dict[tuple[str, ...], Unit]) -> None:
    """Without a roster the last word is the user's name only where all that stands before it is the same."""
    attempts = {key: unit for key, unit in units.items() if "_attempt_" in key[-1] and unit.dated}
    if len({key[-1].split("_attempt_")[0].rpartition("_")[0] for key in attempts}) > 1:
        for unit in attempts.values():
            unit.identifies = False


def _brightspace(part: str) -> Form | None:
    """5552-9001 - Mary-Ann Smith - Nov 21, 2026 900 AM, a folder or the beginning of a file's name."""
    match = BRIGHTSPACE.fullmatch(part)
    if not match:
        return None
    words = match["rest"].split(" - ")
    at = next((n for n, word in enumerate(words) if n and re.search(r"\b(19|20)\d\d\b.*\d", word)), 0)
    if not at:
        return None
    name, when = " - ".join(words[:at]), words[at]
    unit = Unit("", [Name(name)], identifies=False, attempt=brightspace_time(when), dated=True)
    return f"{match['numbers']} - {name} - {when}", unit, " - ".join(words[at + 1:])


def brightspace_time(text: str) -> str:
    """A time that sorts, of "Nov 20, 2026 1134 PM" or "20 November, 2026 900 AM"; empty where it cannot be told."""
    words = " ".join(re.sub(r"[.,:_]", lambda sign: "" if sign[0] in ":_" else " ", text).split()).replace(
        "Sept ", "Sep "
    )
    match = re.fullmatch(r"(.+?) (\d{1,2})(\d\d)(?: ?([AP]M))?", words, re.IGNORECASE)
    if not match:
        return ""
    day, hour, minute, half = match[1], match[2], match[3], (match[4] or "").upper()
    for form in ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%Y-%m-%d"):
        try:
            clock = f"{hour} {minute} {half}".strip()
            return datetime.strptime(f"{day} {clock}", f"{form} {'%I %M %p' if half else '%H %M'}").isoformat()
        except ValueError:
            continue
    return ""


def is_platforms_own(item: Item) -> bool:
    """Whether a file has the name of one that a platform adds to its export."""
    return len(item.parts) <= 2 and item.parts[-1].casefold() in (GRADESCOPE_LIST, INDEX)


class Gradescope:
    """Folders submission_123, and the list that tells whose they are."""

    def __init__(self, items: list[Item]):
        self.lists = {item.parts[:-1]: item for item in items
                      if item.parts == (GRADESCOPE_LIST,)}  # one in a student's folder is the student's
        self._people: dict[tuple[str, ...], dict | str] = {
            place: _submitters(item) for place, item in self.lists.items()
        }

    def form(self, parts: tuple[str, ...], depth: int) -> Form | None:
        if depth or not GRADESCOPE.fullmatch(parts[0]) or len(parts) == 1:
            return None
        people = self._people.get(parts[:depth])
        if people is None:
            reason = f"Gradescope's {GRADESCOPE_LIST} is not beside it. Export the submissions again, or give --pattern"
            return parts[depth], Unit("", [], reason=reason), ""
        if isinstance(people, str):
            return parts[depth], Unit("", [], reason=people), ""
        first, *more = people.get(parts[depth], ([], []))[0] or [[]]
        unit = Unit("", first, identifies=bool(first) and first[0].how == "exact", together=more,
                    attempt=people.get(parts[depth], ([], ""))[1] or "", dated=True)
        unit.reason = "" if first else f"{GRADESCOPE_LIST} does not say whose it is"
        return parts[depth], unit, ""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Safe YAML in which a tag of Ruby's means nothing, and a student id such as 0777 stays what it is."""

    yaml_implicit_resolvers = {first: [(tag, form) for tag, form in forms if tag.endswith((":timestamp", ":null"))]
                               for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()}


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def _submitters(item: Item) -> dict[str, tuple[list[list[Name]], str]] | str:
    """By folder, each person's names and the time; or why the list cannot be used."""
    try:
        with item.file.holder:
            listed = yaml.load(item.file.read(50 * 2**20), _Loader)
        return {folder: (_people(told), _created(told)) for folder, told in listed.items() if isinstance(told, dict)}
    except (LabsError, yaml.YAMLError, AttributeError, ValueError, RecursionError) as e:
        return f"{GRADESCOPE_LIST} cannot be read ({type(e).__name__}). Export the submissions again, or give --pattern"


def _people(told: dict) -> list[list[Name]]:
    people = []
    for person in told.get(":submitters") or []:
        sid, email, name = (str(person.get(f":{key}") or "").strip() for key in ("sid", "email", "name"))
        names = [Name(sid)] * bool(sid) + [Name(email)] * bool(email) + [Name(name, "name")] * bool(name)
        if names:
            people.append(names)
    return people


def _created(told: dict) -> str:
    at = told.get(":created_at")
    if isinstance(at, str):
        try:
            at = datetime.fromisoformat(at.strip())
        except ValueError:
            return ""
    if not isinstance(at, datetime):
        return ""
    return at.isoformat() if at.tzinfo is None else f"{at.timestamp():020.6f}"
