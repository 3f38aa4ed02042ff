"""`labs update` in a clone: what upstream has now, with a person's notebooks carried over, whatever state git is in.

Nothing that a person wrote is ever only in memory: all tracked files are first kept in a commit of their own, below
refs/labs/. Notebooks are replaced in one step each, by their new text with the work in it; so it may be killed at
any time. git itself moves everything else. Run again, it does what is left.
"""

import contextlib
import re
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograders.updating.carry import MARK, Carried, carried_or_none, has_lines_beyond, sides, with_most_work
from autograders.updating.git import Git
from autograders.updating.report import NOTEBOOK, PACKAGES, UpdateReport, renew
from autograders.work import keep, unused
from environments.errors import LabsError
from environments.workspace import write_whole

UNDER_WAY = {"MERGE_HEAD": "merge", "rebase-merge": "rebase", "rebase-apply": "rebase",
             "CHERRY_PICK_HEAD": "cherry-pick", "REVERT_HEAD": "revert"}
AUTHOR = {"GIT_AUTHOR_NAME": "labs update", "GIT_AUTHOR_EMAIL": "labs@localhost",
          "GIT_COMMITTER_NAME": "labs update", "GIT_COMMITTER_EMAIL": "labs@localhost"}
NOTHING = "0" * 40


@dataclass(frozen=True)
class Move:
    """From where to where:
    `head` is here, `base` the last release that is in it, `upstream` the newest one, named `name`."""

    head: str
    base: str
    upstream: str
    name: str


def update(git: Git) -> UpdateReport:
    """Bring the clone to its upstream. Raises LabsError in a line or two where that cannot be."""
    report = UpdateReport()
    upstream, report.source = _fetched(git)
    _see_all_changes(git)
    _snapshot(git)
    damaged = _end_what_is_under_way(git, upstream, report)
    head = git.asked("rev-parse", "-q", "--verify", "HEAD")
    move = Move(head, _base(git, head, upstream, report.source), upstream, report.source)
    for path, versions in damaged.items():
        _mend(git, path, versions, move, report)
    target = _target(git, move, report)
    _make_way(git, move, target, damaged, report)
    git("reset", "-q", "--keep", target)
    report.news = int(git("rev-list", "--count", f"{head}..{upstream}"))
    report.set_up = bool(git.paths("diff", "--name-only", "-z", head, target, "--", *PACKAGES))
    report.stashed = bool(damaged and git.asked("stash", "list"))
    remotes = git("remote").split()
    if not report.news and "upstream" not in remotes:
        report.others = [remote for remote in remotes if not report.source.startswith(f"{remote}/")]
    return report


def _fetched(git: Git) -> tuple[str, str]:
    """The commit to update to, and the name of where it comes from."""
    branch = git.asked("symbolic-ref", "-q", "--short", "HEAD")
    own = git.asked("rev-parse", "-q", "--abbrev-ref", f"{branch}@{{upstream}}") if branch else ""
    remotes = git("remote").split()
    remote = next((name for name in ("upstream", own.partition("/")[0], "origin", *remotes) if name in remotes), None)
    if remote is None:
        raise LabsError("this clone knows no other copy of the course to update from.\n"
                        "Download the newer course as a ZIP, then: labs update --from FILE.zip")
    done = git.run("fetch", "-q", remote)
    if done.returncode:
        raise LabsError(f"cannot fetch the newer course from {remote}: {_last(done.stderr)}\n"
                        "Nothing was changed. Check the network, then run labs update again.")
    name = own if own.startswith(f"{remote}/") else _main_of(git, remote)
    if not git.asked("ls-remote", "--heads", remote, f"refs/heads/{name.removeprefix(f'{remote}/')}"):
        git.asked("remote", "set-head", remote, "--auto")  # the branch got another name there
        name = _main_of(git, remote)
    commit = git.asked("rev-parse", "-q", "--verify", f"{name}^{{commit}}")
    if not commit:
        raise LabsError(f"{remote} has no branch to update from. Say which: git branch --set-upstream-to={remote}/main")
    return commit, name


def _main_of(git: Git, remote: str) -> str:
    if name := git.asked("symbolic-ref", "-q", "--short", f"refs/remotes/{remote}/HEAD"):
        return name
    there = git.asked("for-each-ref", "--format=%(refname:short)", f"refs/remotes/{remote}").split()
    return next((name for name in (f"{remote}/main", f"{remote}/master", *there) if name in there), f"{remote}/main")


def _last(said: bytes) -> str:
    lines = [line for line in said.decode(errors="replace").splitlines()
             if line.startswith(("fatal:", "error:", "ssh:"))]
    return re.sub("^(fatal|error): ", "", (lines or ["git gave no reason"])[0]).strip()


def _see_all_changes(git: Git) -> None:
    """Make git look at files that it was told to overlook, and forget of others that only their line ends changed."""
    flags = {"h": "--no-assume-unchanged", "s": "--no-assume-unchanged", "S": "--no-skip-worktree"}
    marked = [entry.split(" ", 1) for entry in git.paths("ls-files", "-v", "-z")]
    for flag, option in (*flags.items(), ("s", "--no-skip-worktree")):
        if paths := [path for mark, path in marked if mark == flag and (git.root / path).exists()]:
            git("update-index", option, "-z", "--stdin", stdin=_listed(paths))
    changed = set(git.paths("diff", "--name-only", "-z"))
    if paths := [path for path in git.paths("diff-files", "--name-only", "-z") if path not in changed]:
        git("update-index", "-z", "--stdin", stdin=_listed(paths))


def _listed(paths: Iterable[str]) -> bytes:
    return b"".join(path.encode(errors="surrogateescape") + b"\0" for path in paths)


def _snapshot(git: Git) -> None:
    """All tracked files as they stand now, in a commit that no branch has: `git log refs/labs/before-update`."""
    with _own_index(git) as index:
        git("add", "-u", env={"GIT_INDEX_FILE": index})
        tree = git("write-tree", env={"GIT_INDEX_FILE": index})
    before = git.asked("rev-parse", "-q", "--verify", "refs/labs/before-update")
    if not before or git("rev-parse", f"{before}^{{tree}}") != tree:
        head = git.asked("rev-parse", "-q", "--verify", "HEAD")
        parents = [word for parent in (before, head) if parent for word in ("-p", parent)]
        when = time.strftime("%Y-%m-%d %H:%M")
        commit = git("commit-tree", tree, *parents, "-m", f"Before labs update, {when}", env=AUTHOR)
        git("update-ref", "refs/labs/before-update", commit)


@contextlib.contextmanager
def _own_index(git: Git, empty: bool = False):
    """A copy of git's index to work with; the real one is as it was."""
    with tempfile.TemporaryDirectory() as folder:
        index, real = Path(folder) / "index", git.root / git("rev-parse", "--git-path", "index")
        if not empty and real.exists():
            index.write_bytes(real.read_bytes())
        yield str(index)


# A merge that was left half done

def _end_what_is_under_way(git: Git, upstream: str, report: UpdateReport) -> dict[str, list[bytes]]:
    """Take back a merge under way.
    The notebooks that it, or an earlier one, left damaged, with all versions of each."""
    conflicted = set(git.paths("diff", "--name-only", "--diff-filter=U", "-z"))
    notebooks = dict.fromkeys(path for path in git.paths("ls-files", "-z", "--", "labs") if NOTEBOOK.fullmatch(path))
    verbs = [verb for mark, verb in UNDER_WAY.items() if (git.root / git("rev-parse", "--git-path", mark)).exists()]
    changed = conflicted.union(git.paths("diff", "--name-only", "-z", "HEAD") if verbs else ())
    damaged = {path: _versions(git, path) for path in notebooks if path in changed or _is_marked(git.root / path)}
    for path in damaged:  # until its work is back in its place
        if (git.root / path).is_file():
            keep(git.root / path)
    others = [path for path in sorted(changed - set(damaged)) if _is_typed(git, path, upstream)]
    copies = {path: keep(git.root / path) for path in others}
    if verbs:
        git(verbs[0], "--abort")
    elif conflicted:
        git("reset", "-q", "--", *sorted(conflicted))
    for path, copy in copies.items():
        _give_back(git.root, path, copy, report)
    return damaged


def _is_typed(git: Git, path: str, upstream: str) -> bool:
    """Whether a file has lines that no commit has that the merge is made of: a person wrote them since."""
    file = git.root / path
    if not file.is_file():
        return False
    places = ("HEAD", "ORIG_HEAD", "MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REVERT_HEAD~",
              upstream, ":1", ":2", ":3")
    known = {line.strip() for place in places for line in (git.blob(place, path) or b"").splitlines()}
    return any(line.strip() not in known and not MARK.match(line) for line in file.read_bytes().splitlines())


def _give_back(root: Path, path: str, copy: Path, report: UpdateReport) -> None:
    """After git took a merge back:
    the copy takes the place of a file that is gone, and goes where the file is still the same."""
    file = root / path
    if file.is_file() and file.read_bytes() == copy.read_bytes():
        copy.unlink()
    elif not file.exists():
        copy.rename(_made(file))
    else:
        report.kept.append((path, copy))


def _is_marked(file: Path) -> bool:
    return file.is_file() and len(sides(file.read_bytes())) > 1


def _versions(git: Git, path: str) -> list[bytes]:
    file = git.root / path
    there = sides(file.read_bytes()) if file.is_file() else []
    return there + [
        blob for stage in (":2", ":3", "HEAD", "REBASE_HEAD") if (blob := git.blob(stage, path)) is not None
    ]


def _mend(git: Git, path: str, versions: list[bytes], move: Move, report: UpdateReport) -> None:
    """Put the version with most of a person's work back in its place; what only another one has is kept aside."""
    file, name = git.root / path, Path(path).stem
    released = git.blob(move.upstream, path)
    copies = [copy for copy in file.parent.glob(f"{name}_kept_*.ipynb") if _is_marked(copy)]
    whole = [content for content in versions if len(sides(content)) == 1]
    if released is None or not whole:
        report.kept += [(path, copy) for copy in copies]
        return
    best, rest = with_most_work(whole, name, released)
    write_whole(_made(file), best, mode=0o644)
    for other in rest:
        if has_lines_beyond(other, best, name, released):
            report.kept.append((path, keep(file, other)))
    for copy in copies:
        copy.unlink()


def _made(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


# The commit to move to

def _base(git: Git, head: str, upstream: str, name: str) -> str:
    """The last commit that is both here and upstream, or was upstream before its history was written again."""
    base = git.asked("merge-base", head, upstream) if head else ""
    if head and base not in (head, upstream):
        base = git.asked("merge-base", "--fork-point", name, head) or base
    if not base:
        raise LabsError(f"this copy and {name} have no history in common.\n"
                        "Clone the course into a new folder; then, here: labs update --from NEW_FOLDER")
    return base


def _target(git: Git, move: Move, report: UpdateReport) -> str:
    """Upstream itself, or, where this branch has commits of its own, a merge of both that is made aside."""
    if move.base == move.upstream:
        return move.head
    if move.base == move.head:
        return move.upstream
    with _own_index(git, empty=True) as index:
        git("read-tree", "-i", "-m", "--aggressive", move.base, move.head, move.upstream, env={"GIT_INDEX_FILE": index})
        unmerged = {
            entry.split("\t", 1)[1] for entry in git.paths("ls-files", "-u", "-z", env={"GIT_INDEX_FILE": index})
        }
        entries = b"".join(_entry(git, path, move, report) for path in sorted(unmerged))
        git("update-index", "-z", "--index-info", stdin=entries, env={"GIT_INDEX_FILE": index})
        tree = git("write-tree", env={"GIT_INDEX_FILE": index})
    known = git.asked("config", "user.email") and git.asked("config", "user.name")
    return git("commit-tree", tree, "-p", move.head, "-p", move.upstream, "-m", f"Merge {move.name} with labs update",
               env={} if known else AUTHOR)


def _entry(git: Git, path: str, move: Move, report: UpdateReport) -> bytes:
    """A file that was changed here and there, as lines for git's index.
    Its version here is kept where some of it is left out."""
    old, ours, theirs = (git.blob(commit, path) for commit in (move.base, move.head, move.upstream))
    merged, whole = _merged(path, old, ours, theirs)
    if not whole:
        report.kept.append((path, keep(_made(git.root / path), ours)))
    removed = f"0 {NOTHING}\t{path}\0".encode(errors="surrogateescape")
    if merged is None:
        return removed
    mode = git("ls-tree", move.upstream, "--", path).split()[0]
    blob = git("hash-object", "-w", "--stdin", stdin=merged)
    return removed + f"{mode} {blob}\t{path}\0".encode(errors="surrogateescape")


def _merged(path: str, old: bytes | None, ours: bytes | None, theirs: bytes | None) -> tuple[bytes | None, bool]:
    """Both sides in one, notebooks by their cells and other files by their lines; whether all that is ours is in it."""
    if theirs is None or ours is None:
        return theirs, ours is None
    if NOTEBOOK.fullmatch(path):
        name = Path(path).stem
        best, rest = with_most_work(sides(ours), name, theirs)
        done = carried_or_none(best, name, theirs, old)
        return (done.notebook, done.whole and not rest) if done else (theirs, False)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("ours", "old", "theirs")]
        for file, content in zip(files, (ours, old or b"", theirs), strict=True):
            file.write_bytes(content)
        merged = Git(Path(folder)).run("merge-file", "-p", *map(str, files))
        return (merged.stdout, True) if merged.returncode == 0 else (theirs, False)


# The work tree

def _make_way(git: Git, move: Move, target: str, damaged: Iterable[str], report: UpdateReport) -> None:
    """Whatever stands in the way of the move: notebooks become the new ones with their work, others are kept aside."""
    coming = set(git.paths("diff", "--name-only", "--no-renames", "-z", move.head, target))
    tracked = set(git.paths("ls-tree", "-r", "--name-only", "-z", move.head))
    staged = set(git.paths("diff", "--cached", "--name-only", "--no-renames", "-z", "HEAD"))
    touched = staged.union(git.paths("diff", "--name-only", "--no-renames", "-z", "HEAD"))
    touched |= {path for path in coming - tracked if _clear_place(git.root, path, tracked, report)}
    for path in sorted(coming & staged):
        _keep_what_only_the_index_has(git, path, move, report)
    for path in sorted(coming & touched | set(damaged)):
        released = git.blob(move.upstream, path) if NOTEBOOK.fullmatch(path) else None
        if released is not None and (git.root / path).is_file():
            renew(git.root / path, released, git.blob(move.base, path), report)
            _index_as(git, path, target)
        else:
            _replace(git, path, target, report)
    for path in sorted(coming - touched - set(damaged)):
        if done := _committed(git, path, move):
            report.carried[Path(path).stem] = done


def _clear_place(root: Path, path: str, tracked: set[str], report: UpdateReport) -> bool:
    """Whether a file is where one of the course will come; what else a person has there gets a name that says so."""
    for place in (*map(str, reversed(Path(path).parents[:-1])), path):
        there = root / place
        in_the_way = there.is_dir() and not there.is_symlink() if place == path else there.is_file()
        if in_the_way and place not in tracked and not any(file.startswith(f"{place}/") for file in tracked):
            aside = unused(there)
            there.rename(aside)
            report.kept.append((place, aside))
    return (root / path).exists()


def _keep_what_only_the_index_has(git: Git, path: str, move: Move, report: UpdateReport) -> None:
    """What was added to git's index, and is in no file and no commit, goes with the move."""
    added, file = git.blob("", path), git.root / path
    versions = [git.blob(move.head, path), git.blob(move.upstream, path), file.read_bytes() if file.is_file() else None]
    known = {line.strip() for version in versions for line in (version or b"").splitlines()}
    if added and any(line.strip() not in known for line in added.splitlines()):
        report.kept.append((path, keep(_made(file), added)))


def _committed(git: Git, path: str, move: Move) -> Carried | None:
    """What a merge has carried over in a notebook that was committed, to be said."""
    ours = git.blob(move.head, path) if NOTEBOOK.fullmatch(path) and move.base != move.head else None
    theirs = git.blob(move.upstream, path)
    if ours is None or theirs is None:
        return None
    name = Path(path).stem
    done = carried_or_none(with_most_work(sides(ours), name, theirs)[0], name, theirs, git.blob(move.base, path))
    return done if done and done.cells else None


def _replace(git: Git, path: str, target: str, report: UpdateReport) -> None:
    """The file as it is in a commit; what a person had there is kept."""
    file, new = git.root / path, git.blob(target, path)
    if file.is_file() and file.read_bytes() != new:
        report.kept.append((path, keep(file)))
    if new is None:
        git("rm", "-q", "--cached", "--ignore-unmatch", "--", path)
        file.unlink(missing_ok=True)
    else:
        git("checkout", "-q", target, "--", path)


def _index_as(git: Git, path: str, commit: str) -> None:
    """git then takes the file for changed since that commit, and leaves it alone when it moves there."""
    if entry := git("ls-tree", commit, "--", path):
        mode, _, blob = entry.split("\t")[0].split()
        git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")
