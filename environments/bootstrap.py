"""Make `.venv` ready for the course. `make setup` runs this file with any Python 3 there is.

It finds a Python the course supports, makes `.venv` with it, and lets a pinned uv install
exactly what `requirements.lock` names. Only the standard library is used, and only syntax
that Python 3.6 reads, so that an old Python gets an answer and not a SyntaxError.

What can go wrong ends as one line on stderr that names the next action, and exit status 1;
what the installers printed is kept in `.venv/setup.log`.
"""
import ast
import contextlib
import errno
import glob
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple

try:
    import fcntl
except ImportError:  # Windows, which check_platform refuses
    fcntl = None

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SUPPORTED = [(3, 13), (3, 12), (3, 11)]  # a test compares this with pyproject.toml
UV = "uv==0.13.8"
NEEDED_GB = 1.8  # .venv is 1.5; uv's cache shares its files where both are on one disk
LOCK_WAIT = 15 * 60
STEP_LIMIT = 30 * 60  # one installer, on a slow line
UNFINISHED = "unfinished"
RETRY_HINT = "then run make setup again"

Python = namedtuple("Python", "path version has_venv")


class SetupError(Exception):
    """Something a person can fix; the text is the line they read."""


# --- which Python ---------------------------------------------------------------------------

# Read by any Python, version 2 included. Inside a venv it names the Python beneath, because
# the venv may be the very one that is about to be made again.
PROBE = """
import sys
try:
    import venv
    from ensurepip import version  # a folder left behind by a removed package has none
    has_venv = 1
except ImportError:
    has_venv = 0
base = getattr(sys, "_base_executable", None) or sys.executable
sys.stdout.write("%d %d %d %d %s" % (sys.version_info[:3] + (has_venv, base)))
"""


def probe(path):
    """The Python behind `path`, or None where it does not run (a pyenv shim, a stub)."""
    try:
        said = subprocess.run([path, "-c", PROBE], env=child_env(), timeout=30,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        major, minor, micro, has_venv, base = os.fsdecode(said.stdout).split(" ", 4)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return Python(base, (int(major), int(minor), int(micro)), has_venv == "1")


def supported(python):
    return python is not None and python.version[:2] in SUPPORTED


def candidates(wanted):
    """Pythons to try, best first: only the one asked for, or else this one, then PATH."""
    if wanted:
        return [shutil.which(wanted)]
    named = [shutil.which("python%d.%d" % version) for version in SUPPORTED]
    return [sys.executable] + named


def find_python(wanted):
    """The first supported Python that can make a venv. Raises SetupError when there is none."""
    found = [probe(path) for path in candidates(wanted) if path]
    usable = [python for python in found if supported(python)]
    for python in usable:
        if python.has_venv:
            return python
    if usable:
        raise SetupError(no_venv_line(usable[0]))
    raise SetupError(wrong_python_line(wanted, found))


def no_venv_line(python):
    name = "python%d.%d" % python.version[:2]
    return ("%s cannot make a venv: install its venv module (Debian, Ubuntu: sudo apt install "
            "%s-venv), %s" % (python.path, name, RETRY_HINT))


def wrong_python_line(wanted, found):
    what = "this is"
    if wanted:
        what = "PYTHON=%s is" % wanted
    seen = [python for python in found if python]
    which = "Python %d.%d.%d" % seen[0].version if seen else "not a Python that runs"
    return ("the course needs Python 3.11, 3.12 or 3.13, and %s %s: install one of them, then "
            "run make setup PYTHON=/path/to/python3.12" % (what, which))


# --- is there anything to do ------------------------------------------------------------------

def venv_of(root):
    return os.path.join(root, ".venv")


def stamp_path(root):
    return os.path.join(venv_of(root), "setup.stamp")


def read(path, start=0):
    """The text of a file from a byte on, empty where there is none."""
    try:
        with open(path, "rb") as file:
            file.seek(start)
            return file.read().decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    except (FileNotFoundError, NotADirectoryError):
        return ""


def stamp(root):
    """What a finished .venv was made from, and how.

    The dependencies, this file, what Jupyter gets; the Python; the place. The place counts because a moved .venv keeps
    its old path in every script.
    """
    sources = [read(os.path.join(root, name)) for name in ("requirements.lock", "pyproject.toml")]
    sources.append(read(os.path.abspath(__file__)))
    for folder, _, names in sorted(os.walk(os.path.join(root, "environments", "jupyter_config"))):
        sources.extend(read(os.path.join(folder, name)) for name in sorted(names))  # copied there
    digest = hashlib.sha256("\0".join(sources).encode("utf-8", "surrogateescape"))
    place = os.fsencode(os.path.abspath(root)).decode("utf-8", "surrogateescape")  # in any locale
    return "\n".join([digest.hexdigest(), venv_version(root), place])


def venv_version(root):
    """The Python version .venv was made with, such as "3.12.1"; empty where there is none."""
    found = re.search(r"^version(?:_info)? *= *([\d.]+)",
                      read(os.path.join(venv_of(root), "pyvenv.cfg")), re.MULTILINE)
    return found.group(1) if found else ""


def venv_python(root):
    return os.path.join(venv_of(root), "bin", "python")


def fits(root, wanted):
    """Is .venv's Python the one asked for? Any supported one is, when nobody asks."""
    if not wanted:
        return True
    python = probe(shutil.which(wanted) or wanted)
    return python is not None and venv_version(root) == "%d.%d.%d" % python.version


def is_ready(root, wanted):
    """Nothing to do: made from these very files, in this place, by a Python still there."""
    return (read(stamp_path(root)) == stamp(root)
            and os.path.exists(venv_python(root))
            and fits(root, wanted))


def is_usable(root, wanted):
    """May .venv be brought up to date in place, or must it be made from scratch?

    From scratch when a run was cut short: a package may be there in part, and uv takes it for whole.
    """
    before = read(stamp_path(root))
    if before == UNFINISHED or (before and before.split("\n")[1:] != stamp(root).split("\n")[1:]):
        return False
    return supported(probe(venv_python(root))) and fits(root, wanted)


# --- what has to hold before ----------------------------------------------------------------

def check_platform():
    if fcntl is None:
        raise SetupError("the course needs Linux or macOS: on Windows, install WSL (wsl --install) "
                         "and run make setup inside it")


def check_files(root):
    for name in ("requirements.lock", "pyproject.toml"):
        if not os.path.exists(os.path.join(root, name)):
            raise SetupError("%s is missing: run git checkout %s, %s" % (name, name, RETRY_HINT))


def check_writable(root):
    if os.path.lexists(venv_of(root)) and not os.path.isdir(venv_of(root)):
        raise SetupError(".venv is not a folder: remove it, " + RETRY_HINT)
    for path in (root, venv_of(root)):
        if os.path.exists(path) and not os.access(path, os.W_OK | os.X_OK):
            raise SetupError(no_access_line(path))


def no_access_line(path):
    return ("no permission to write in %s: clone the course into a folder of your own, "
            "and run make setup there" % path)


def check_disk(root):
    free = shutil.disk_usage(root).free / 1e9
    if free < NEEDED_GB:
        raise SetupError(disk_line(free))


def disk_line(free):
    return ("the disk is too full: the course needs %.1f GB and %.1f GB is free; free some "
            "space, %s" % (NEEDED_GB, free, RETRY_HINT))


# --- one at a time ----------------------------------------------------------------------------

@contextlib.contextmanager
def alone(root, within=LOCK_WAIT):
    """Hold .venv's lock. Raises SetupError when another setup keeps it for `within` seconds.

    The installers inherit the descriptor: were this process killed, the lock stays held
    until the uv it left behind has ended.
    """
    os.makedirs(venv_of(root), exist_ok=True)
    with open(os.path.join(venv_of(root), "setup.lock"), "a") as lock:
        os.set_inheritable(lock.fileno(), True)
        wait_for(lock, within)
        yield


def wait_for(lock, within):
    """Take the lock, telling once that it takes a while."""
    deadline = time.monotonic() + within
    told = False
    while not try_lock(lock):
        if time.monotonic() > deadline:
            raise SetupError("another make setup has been at work here for %d minutes: stop it, %s"
                             % (within // 60, RETRY_HINT))
        if not told:
            told = say("another make setup is at work here; waiting for it")
        time.sleep(0.1)


def try_lock(lock):
    assert fcntl is not None  # Windows, which has none, was refused
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False


# --- the installers ---------------------------------------------------------------------------

# What a person has set for pip and uv counts where it says from where and how to download; not
# where it says what is installed where (user, target, prefix, require-virtualenv, constraint,
# no-binary ...), which for this environment only the lock and we do.
PIP_DOWNLOADS = ("index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "cert",
                 "client-cert", "proxy", "timeout", "default-timeout", "retries", "cache-dir",
                 "no-cache-dir", "keyring-provider")
UV_DOWNLOADS = re.compile("UV_(DEFAULT_INDEX|INDEX|EXTRA_INDEX_URL|FIND_LINKS|INSECURE_HOST|"
                          "KEYRING_PROVIDER|CACHE_DIR|NO_CACHE|HTTP_|NATIVE_TLS|SYSTEM_CERTS|"
                          "OFFLINE|CONCURRENT_|LINK_MODE|LOCK_TIMEOUT)")
ELSEWHERE = ("VIRTUAL_ENV", "CONDA_PREFIX", "__PYVENV_LAUNCHER__")  # other environments


def pip_variable(setting):
    return "PIP_" + setting.upper().replace("-", "_")


def is_ours(name):
    """May the installers see this variable of the person's own?"""
    if name.startswith("PIP_"):
        return name in [pip_variable(setting) for setting in PIP_DOWNLOADS]
    if name.startswith("UV_"):
        return bool(UV_DOWNLOADS.match(name))
    return not name.startswith("PYTHON") and name not in ELSEWHERE


def child_env():
    """The environment of installers. They read none of pip's and uv's files: see `pip_env`."""
    env = {name: value for name, value in os.environ.items() if is_ours(name)}
    env.update(PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1", PIP_DISABLE_PIP_VERSION_CHECK="1",
               PIP_NO_INPUT="1", PYTHONIOENCODING="utf-8")
    env.setdefault("PIP_RETRIES", "2")  # five, the default, is most of a minute of silence
    return env


def pip_env(root):
    """`child_env` with what pip's own files say about downloads."""
    env = child_env()
    reads = {name: value for name, value in env.items() if name != "PIP_CONFIG_FILE"}
    # The same names are options of pip config itself, where they leave files or all words out.
    reads.update(PIP_USER="0", PIP_GLOBAL="0", PIP_SITE="0", PIP_QUIET="0")
    if os.environ.get("PIP_CONFIG_FILE"):
        reads["PIP_CONFIG_FILE"] = os.environ["PIP_CONFIG_FILE"]
    said = subprocess.run([venv_python(root), "-m", "pip", "config", "list"], env=reads, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    written = re.findall(r"^(global|install)\.([\w-]+)=('.*'|\".*\")$", os.fsdecode(said.stdout),
                         re.MULTILINE)
    for _, setting, value in sorted(written, reverse=True):  # [install] counts more than [global]
        if setting in PIP_DOWNLOADS and pip_variable(setting) not in os.environ:
            env.setdefault(pip_variable(setting), " ".join(ast.literal_eval(value).split("\n")).strip())
    return env


def uv_env(pip):
    """pip's own index, certificate and a home for the cache: uv does not read pip's settings."""
    env = dict(pip)
    for setting, variable in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        if pip.get(pip_variable(setting)):
            env.setdefault(variable, pip[pip_variable(setting)])
    if not os.access(os.path.expanduser("~"), os.W_OK):
        env.setdefault("UV_NO_CACHE", "1")
    return env


def run(root, command, env):
    """Run one installer, its output in the log. Raises SetupError when it fails."""
    log = os.path.join(venv_of(root), "setup.log")
    with open(log, "ab") as out:
        start = out.tell()
        process = subprocess.Popen(command, cwd=root, env=env, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=out, close_fds=False)
        try:
            code = watch(process, lambda: doing(root, start))
        except subprocess.TimeoutExpired:
            raise SetupError("installing took more than %d minutes: find a faster connection, %s"
                             % (STEP_LIMIT // 60, RETRY_HINT)) from None
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if code:
        with open(log, "rb") as out:
            out.seek(start)
            raise SetupError(explain(root, out.read().decode("utf-8", "replace")))


# What installers say, and the line it comes to. The first that is found counts.
CAUSES = [
    (r"No space left|Errno 28|os error 28|[Qq]uota exceeded|Errno 122|os error 122",
     "the disk is full: free about {needed} GB here and in your home folder"),
    (r"ensurepip is not available|No module named (?:ensurepip|pip)",
     "this Python cannot make a venv: install its venv module (Debian, Ubuntu: sudo apt install "
     "python3-venv)"),
    (r"[Cc]ertificate|CERTIFICATE_VERIFY",
     "the package index's certificate is not trusted here: check the clock, or point "
     "SSL_CERT_FILE at your network's certificates"),
    (r"[Hh]ash mismatch|DO NOT MATCH THE HASHES",
     "a download is not the file that requirements.lock names: try another connection"),
    (r"error sending request|dns error|name resolution|NewConnectionError|Max retries|"
     r"[Cc]onnection (?:refused|reset|aborted|broken)|unreachable|timed out|ProxyError|"
     r"Failed to fetch|tunnel",
     "the package index cannot be reached: check the network connection or the proxy"),
    (r"[Pp]ermission denied|os error 13|Read-only file system",
     "no permission to write in this folder or in your home folder: fix that"),
]


def explain(root, output):
    """One line out of what an installer said; it may have died of a disk too full to say so."""
    if shutil.disk_usage(root).free < 20e6:
        output = "No space left"
    known = (line for pattern, line in CAUSES if re.search(pattern, output))
    line = next(known, "installing failed: read the end of the log")
    return "%s, %s (log: .venv/setup.log)" % (line.format(needed=NEEDED_GB), RETRY_HINT)


# --- how far it is ----------------------------------------------------------------------------

NEWS_EVERY = 15  # seconds between two lines about one step, where nobody watches a terminal


def watch(process, look):
    """The exit status of a process. While it runs, what it is doing is shown: on a terminal in one
    line that moves, elsewhere in a plain line now and then."""
    moves = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    began = told = time.monotonic()
    try:
        while True:
            try:
                return process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                now = time.monotonic()
                if now - began > STEP_LIMIT:
                    raise
                if moves:
                    draw("  %d s%s" % (now - began, look()))
                elif now - told >= NEWS_EVERY:
                    told = now
                    say("  %d s%s" % (now - began, look()))
    finally:
        if moves:
            draw("")


def draw(text):
    """Replace what stands in the terminal's last line, by nothing if need be."""
    width = shutil.get_terminal_size().columns - 8
    sys.stdout.write("\r\033[K" + ("setup: " + text[:width] if text else ""))
    sys.stdout.flush()


def doing(root, start):
    """What an installer is at, from its log and from what is in place; empty where neither tells."""
    said = read(os.path.join(venv_of(root), "setup.log"), start)
    found = re.search(r"^Resolved (\d+) packages? in", said, re.MULTILINE)
    if found is None or found.group(1) == "1" or "\nInstalled " in said:
        return ""
    if "\nPrepared " in said:
        place = "lib/python*/site-packages/*.dist-info"
        there = len(glob.glob(os.path.join(glob.escape(venv_of(root)), place)))
        return ", %d of %s packages in place" % (min(there, int(found.group(1))), found.group(1))
    return ", fetching what is missing of %s packages%s" % (found.group(1), pending(said))


def pending(said):
    """The large packages that are on their way."""
    names = dict(re.findall(r"^ *Downloading (\S+) \((.+)\)$", said, re.MULTILINE))
    for name in re.findall(r"^ *Downloaded (\S+)$", said, re.MULTILINE):
        names.pop(name, None)
    large = ["%s (%s)" % item for item in sorted(names.items())]
    return ": " + ", ".join(large[:3]) + (" ..." if large[3:] else "") if large else ""


# --- the course in its own environment -----------------------------------------------------------

# The pth file that an editable install writes holds the course's path in UTF-8, and Python 3.11
# reads it in the encoding of the locale: with LC_ALL=C, or a locale that was never generated, no
# Python of this environment would start below a folder named Kurs (ü). Ours is ASCII and imports
# this module, which also puts what PYTHONPATH names behind the course and its packages.
COURSE_FIRST = '''"""Made by `make setup` (environments/bootstrap.py), imported by each start of this Python.

The course comes first, then its own packages, then whatever PYTHONPATH names (another `datasets`,
an older pandas). Only another copy of the course that PYTHONPATH names is meant to replace it.
"""
import os
import sys

COURSE = os.fsdecode(%r)
SITE = os.path.dirname(os.path.abspath(__file__))


def _is_foreign(path):
    return path not in (COURSE, "") and not os.path.exists(os.path.join(path, "environments", "labs.toml"))


_value = os.environ.get("PYTHONPATH", "")
_named = [os.path.abspath(path) for path in _value.split(os.pathsep) if _value]  # an empty item is this very folder
_foreign = [path for path in sys.path if path in _named and _is_foreign(path)]
sys.path[:] = [path for path in sys.path if path not in _foreign]
if COURSE not in sys.path:
    sys.path.insert(sys.path.index(SITE) if SITE in sys.path else len(sys.path), COURSE)
sys.path += _foreign
'''

# A console script that starts whatever the person has set for Python, and wherever it lies: as the
# installer writes it, it dies of PYTHONHOME, and of a space in a long path. Settings that change
# what a program does (asserts left out, warnings as errors, another encoding) are not for ours; nor
# is one, common in containers, that has each start compile all that it imports again.
WRAPPER = r"""#!/bin/sh
'''exec' env %s PYTHONUTF8=1 "$(printf %%b '%s')" "$0" "$@"
' '''
"""
UNSET = ("PYTHONHOME", "PYTHONPLATLIBDIR", "PYTHONEXECUTABLE", "PYTHONSTARTUP", "PYTHONOPTIMIZE",
         "PYTHONWARNINGS", "PYTHONINSPECT", "PYTHONIOENCODING", "PYTHONCASEOK", "PYTHONDEVMODE",
         "PYTHONDONTWRITEBYTECODE")


def make_robust(root):
    """Let the course and its commands start in any locale, folder and environment."""
    course = os.fsencode(os.path.abspath(root))
    for pth in glob.glob(os.path.join(glob.escape(venv_of(root)), "lib/python*/site-packages/*.pth")):
        with open(pth, "rb") as file:
            lines = set(file.read().split(b"\n"))
        if lines - {b""} == {course}:
            module = os.path.join(os.path.dirname(pth), "_stack_from_zero.py")
            write_ascii(module, COURSE_FIRST % course)
            write_ascii(pth, "import _stack_from_zero\n")
    for script in scripts(root):
        wrap(root, script)


def scripts(root):
    """The console scripts of .venv that start its Python."""
    python = os.fsencode(venv_python(root))
    starts = (b"#!" + python, b"#!/bin/sh\n'''exec' ")
    for path in sorted(glob.glob(os.path.join(glob.escape(venv_of(root)), "bin", "*"))):
        if os.path.isfile(path) and not os.path.islink(path):
            with open(path, "rb") as file:
                if file.read(len(python) + 20).startswith(starts):
                    yield path


def wrap(root, script):
    """Replace how a script finds its Python; the path goes in as ASCII, each other byte as a number."""
    with open(script, "rb") as file:
        text = file.read()
    lines = text.split(b"\n", 3)
    rest = lines[3] if text.startswith(b"#!/bin/sh") else text.split(b"\n", 1)[1]
    path = "".join(chr(byte) if re.match(r"[\w/.-]", chr(byte), re.ASCII) else "\\0%03o" % byte
                   for byte in os.fsencode(venv_python(root)))
    head = WRAPPER % (" ".join("-u " + name for name in UNSET), path)
    beside = script + ".new"
    with open(beside, "wb") as file:
        file.write(head.encode("ascii") + rest)
    os.chmod(beside, os.stat(script).st_mode & 0o777)
    os.replace(beside, script)


def write_ascii(path, text):
    with open(path, "wb") as file:
        file.write(text.encode("ascii"))


TRIAL = "import datasets, environments, autograders; print(environments.__file__)"


def try_out(root):
    """Run what was made as a person would, with their own settings; and in the poorest locale."""
    plain = {name: value for name, value in os.environ.items() if name not in UNSET}
    for env, command in ((os.environ, [os.path.join(venv_of(root), "bin", "labs"), "list"]),
                         (dict(plain, LC_ALL="C"), [venv_python(root), "-c", TRIAL])):
        try:
            tried = subprocess.run(command, cwd=root, env=env, timeout=120, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise SetupError("what was installed does not run here (%s): clone the course into "
                             "another folder, and run make setup there" % problem) from None
        if tried.returncode:
            with open(os.path.join(venv_of(root), "setup.log"), "ab") as log:
                log.write(tried.stderr)
            last = tried.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
            raise SetupError("what was installed does not run here: %s (log: .venv/setup.log)" % last)


# --- the work ---------------------------------------------------------------------------------

def say(line):
    """Progress, on stdout. True, so that "said" can be remembered in the same line."""
    print("setup: " + line, flush=True)
    return True


def steps(root, doings):
    """Do one thing after another, each named as it begins."""
    for number, (name, do) in enumerate(doings, 1):
        say("%d of %d: %s" % (number, len(doings), name))
        do()


def write_stamp(root, text):
    """Written beside and renamed: half a stamp is never read."""
    beside = stamp_path(root) + ".new"
    with open(beside, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    os.replace(beside, stamp_path(root))


def empty(folder, keep):
    """Remove what is in a folder, not the folder: others may be waiting for the lock in it."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name in keep:
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)


def clear(root):
    """Remove what is in .venv. The disk is checked after the old one is gone: it counts as free."""
    write_stamp(root, UNFINISHED)
    empty(venv_of(root), keep=("setup.lock", "setup.stamp"))
    check_disk(root)


def install_uv(root):
    run(root, [venv_python(root), "-m", "pip", "install", UV], pip_env(root))


def uv_pip(root, *arguments):
    uv = os.path.join(venv_of(root), "bin", "uv")
    command = [uv, "pip", arguments[0], "--python", venv_python(root)] + list(arguments[1:])
    run(root, command, uv_env(pip_env(root)))


def install_course(root):
    """The course itself, editable, tried before anybody is told that it is ready."""
    uv_pip(root, "install", "--no-deps", "--no-build-isolation", "-e", ".")
    make_robust(root)
    try_out(root)


def make(root, wanted):
    """Bring .venv from whatever state it is in to the one the lock describes."""
    began = time.monotonic()
    doings = [("uv, the installer", lambda: install_uv(root)),
              ("the packages that requirements.lock names",
               lambda: uv_pip(root, "sync", "--require-hashes", "requirements.lock")),
              ("the course itself, and a try whether it runs", lambda: install_course(root))]
    if is_usable(root, wanted):
        say("bringing .venv up to date with requirements.lock")
        write_stamp(root, UNFINISHED)
        with contextlib.suppress(FileNotFoundError):
            os.remove(os.path.join(venv_of(root), "setup.log"))
    else:
        python = find_python(wanted)
        clear(root)
        say("making .venv with Python %d.%d.%d; the first time takes about a minute"
            % python.version)
        venv = [python.path, "-m", "venv", venv_of(root)]
        doings.insert(0, ("an empty environment", lambda: run(root, venv, child_env())))
    steps(root, doings)
    write_stamp(root, stamp(root))
    say("ready after %d s" % (time.monotonic() - began))


def set_up(root, wanted):
    """Make .venv ready; at once where it is. Raises SetupError, OSError."""
    check_files(root)
    if is_ready(root, wanted):
        return
    check_platform()
    if not is_usable(root, wanted):
        find_python(wanted)  # before anything is written
    check_writable(root)
    with alone(root):
        if not is_ready(root, wanted):  # the one that held the lock may have done it
            make(root, wanted)


def os_error_line(problem):
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full: free about %.1f GB, %s" % (NEEDED_GB, RETRY_HINT)
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return no_access_line(problem.filename or "this folder")
    return "%s: fix that, %s" % (problem, RETRY_HINT)


def main(root=ROOT, wanted=None):
    """Set up and return the exit status, having told what went wrong in one line."""
    try:
        set_up(root, wanted or os.environ.get("PYTHON"))
    except SetupError as problem:
        line, status = str(problem), 1
    except OSError as problem:
        line, status = os_error_line(problem), 1
    except KeyboardInterrupt:
        line, status = "stopped; run make setup again to finish it", 130
    else:
        return 0
    print("setup: " + " ".join(line.split()), file=sys.stderr)
    return status


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stops the installer as well
    sys.exit(main())
