"""Teaspoon's own services as one workspace keeps them. A notebook attaches to them; they outlive its kernel."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

from environments.causes import Damaged, named, of_machine
from environments.embedded import Embedded, end_processes, home
from environments.errors import LabsError
from environments.grading_needs import GradingNeeds
from environments.postgres import DATABASE, UNPREPARED, Server, build_standby
from environments.services import Status, starts
from environments.workspace import Workspace

HOUSEHOLDS = 1000  # the size of Teaspoon's world: about 23,000 orders


def postgres() -> tuple[Server, Server]:
    """Teaspoon's production primary, running, and the standby, which runs once you have built it."""
    workspace = Workspace.here()
    with named(), workspace.lock():
        production = Postgres(workspace)
        production.up()
    return production.primary, production.standby


def standby() -> Server:
    """Teaspoon's standby, running: the one that Lab 3 has built, or else one built now."""
    workspace = Workspace.here()
    with named(), workspace.lock():
        production = Postgres(workspace)
        production.up()
        if not production.standby.runtime.exists():
            build_standby(production.primary, production.standby, workspace.secret("replicator"))
    return production.standby


def _templates() -> list[Path]:
    from environments import templates

    return templates.made()


class Postgres:
    """Teaspoon's production primary and the standby that the student builds.

    Who makes one to change something holds the workspace's lock, from before: a reset takes the password along.
    """

    # While graded, the world only has to be there: checks bring worlds of their own, and mostly wait for servers.
    grading = GradingNeeds(
        templates=_templates,
        imports=("environments.postgres",),
        handles=("environments.postgres:Server",),
        shares={"households": 0.1},
        jobs_per_cpu=3,
    )

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self.home = home(workspace.root)
        password = workspace.secret("postgres")
        primary, standby = self._runtimes()
        self.primary = Server(primary, password)
        self.standby = Server(standby, password, source=self.primary)

    def _runtimes(self):
        if not in_docker():
            return Embedded(self.home / "primary"), Embedded(self.home / "standby")
        from environments.containers import containers

        return containers(self.workspace)

    def up(self) -> list[str]:
        """Start what is not running; what was done, a line each. Raises LabsError where the primary cannot start."""
        done = self._make_world() if self._needs_world() else []
        done += self._start_primary()
        if self.standby.runtime.exists():
            done += self._start_standby()
        return done

    def down(self) -> list[str]:
        """Stop everything of this workspace, also what a killed check left behind."""
        done = []
        for server in (*self._beside(), self.standby, self.primary):
            if server.running():
                server.stop()
                done.append(f"{server.name} stopped")
        self._remove_containers()
        end_processes(self.home)
        return done

    def reset(self) -> None:
        """Stop, and forget the world: the next `up` makes another."""
        self.down()
        self._world().unlink(missing_ok=True)
        for server in (*self._beside(), self.standby, self.primary):
            server.runtime.erase()
        self._remove_containers(volumes=True)

    def _beside(self) -> list[Server]:
        """Servers that a lab put beside these two, such as a base backup that was recovered to a moment."""
        folders = sorted(self.home.glob("*/data")) if not in_docker() else []
        return [
            self.primary.beside(data.parent.name) for data in folders if data.parent.name not in ("primary", "standby")
        ]

    def _remove_containers(self, volumes: bool = False) -> None:
        """Also those of someone who has unset LABS_POSTGRES since."""
        from environments import containers

        containers.remove(self.workspace, volumes)

    def status(self) -> list[Status]:
        return [_status(server) for server in (self.primary, self.standby)]

    def places(self) -> dict[str, dict]:
        """How to reach each server that runs; the password stays in the workspace."""
        servers = {server.name: server for server in (self.primary, self.standby)}
        return {
            status.service: {"state": status.state}
            | (_place(servers[status.service]) if status.state == "running" else {})
            for status in self.status()
        }

    def _world(self) -> Path:
        """A mark that the world was loaded whole."""
        return self.workspace.note(f"world-{'docker' if in_docker() else 'embedded'}")

    def _needs_world(self) -> bool:
        """Whether to start over: an earlier `up` did not get to the end, or the data is gone."""
        return not self._world().exists() or not self.primary.runtime.exists()

    def _make_world(self) -> list[str]:
        from datasets.load import load
        from datasets.world import World

        world = World(seed=self.workspace.seed, households=round(HOUSEHOLDS * self.grading.share("households")))
        for server in (self.standby, self.primary):
            server.stop("immediate")
            server.runtime.erase()
        self.primary.runtime.initdb(self.primary.password, UNPREPARED)
        self.primary.start()
        self.primary.use_cheap_scram()
        if not self.primary.value("select 1 from pg_database where datname = %s", [DATABASE], database="postgres"):
            self.primary.execute(f"create database {DATABASE}", database="postgres")
        with self.primary.connect() as connection, _shortage_named(self.primary):
            load(world, connection)
        self._world().touch()
        return [f"Teaspoon's production database made: {world.households:,} households"]

    def _start(self, server: Server) -> list[str]:
        if server.running():
            return []
        state = _state(server.runtime)
        server.start()
        return [f"{server.name} had been killed: started again, nothing committed was lost" if state == "killed"
                else f"{server.name} started"]

    def _start_primary(self) -> list[str]:
        try:
            return self._start(self.primary)
        except Damaged as e:
            raise Damaged(
                e.what,
                "Type: labs reset. It deletes the services' data, so that the next start makes them again; "
                "your notebooks are kept.",
            ) from None

    def _start_standby(self) -> list[str]:
        try:
            self.standby.find_source()
            return self._start(self.standby)
        except Damaged as e:
            return [f"{e.what}\nBuild it again as in lab 3, part 3."]
        except LabsError as e:
            return [str(e)]
        except OSError as e:
            return [f"standby did not start: {e}\nBuild it again as in lab 3, part 3."]


@contextlib.contextmanager
def _shortage_named(server: Server) -> Iterator[None]:
    """What the machine runs out of while the world is loaded, such as room on its disk, psycopg tells."""
    try:
        yield
    except psycopg.OperationalError as e:
        shortage = of_machine("Teaspoon's database could not be made", str(e), Path(server.data))
        if not shortage:
            raise
        server.stop("immediate")
        raise shortage from None


def in_docker() -> bool:
    """Whether LABS_POSTGRES asks for containers. Raises LabsError where it asks for something unknown."""
    wanted = os.environ.get("LABS_POSTGRES") or "embedded"
    if wanted not in ("embedded", "docker"):
        raise LabsError(f"LABS_POSTGRES is '{wanted}': set it to embedded or docker, or unset it.")
    return wanted == "docker"


def _place(server: Server) -> dict:
    return {"host": server.runtime.host, "port": server.runtime.port, "database": DATABASE, "user": "postgres"}


def _status(server: Server) -> Status:
    state = _state(server.runtime)
    where = "" if state == "not built" else f"{server.runtime.host}:{server.runtime.port}"
    return Status(server.name, state, where, starts("postgres") if state in ("killed", "stopped") else "")


def _state(runtime) -> str:
    if not runtime.exists():
        return "not built"
    return "running" if runtime.running() else "killed" if runtime.killed() else "stopped"
