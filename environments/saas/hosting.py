"""Several ASGI applications in one asyncio loop, each on a loopback port of its own, served by uvicorn."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from environments.busy import FairClock
from environments.errors import MachineTooBusy
from environments.saas.app import LOOPBACK
from environments.workspace import Workspace, write_whole

ENDLESS = 2**20  # bytes of a head that does not end, at which nobody reads on
LINGER = 2  # seconds
TIMEOUT_S = 60  # seconds for a thread to take connections, which it does at once unless this machine is very busy
KEPT_HEAD = 2**17  # bytes of header lines that are kept: more than any API here takes


class Protocol(HttpToolsProtocol):
    """uvicorn's own, which also shows the connection to faults, and does not keep a flood of headers.

    What is no HTTP at all is refused in the API's own envelope where the application has a `refusal`.
    """

    in_head = refused = False

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.kept, self.unread, self.in_head = 0, 0, True
        extensions: dict = {"transport": self.transport}  # an object, where ASGI has a dict
        self.scope["extensions"] = extensions

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.kept < KEPT_HEAD:  # the first one beyond is kept too: then the application sees that it is too much
            super().on_header(name, value)
        self.kept += size_of(name, value)

    def on_headers_complete(self) -> None:
        self.in_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return None
        self.unread = self.unread + len(data) if self.in_head else 0
        if self.unread > ENDLESS:
            return self.refuse(431, "The headers do not end.")
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        self.refuse(400, msg)

    def refuse(self, status: int, message: str) -> None:
        """Answer from outside the application, and hang up:
        a client that is still sending is heard for a while, not read."""
        refusal = getattr(self.app, "refusal", None)
        if refusal is None:
            return super().send_400_response(message)
        self.refused = True
        self.transport.write(_as_bytes(refusal(status, message)))
        self.transport.write_eof()
        self.loop.call_later(LINGER, self.transport.close)

    def eof_received(self) -> None:
        if self.refused:
            self.transport.close()


def size_of(name: bytes, value: bytes) -> int:
    """What a header line takes on the wire."""
    return len(name) + len(value) + 4


def _as_bytes(response) -> bytes:
    headers = [*response.raw_headers, (b"connection", b"close")]
    lines = b"".join(b"%s: %s\r\n" % header for header in headers)
    return b"HTTP/1.1 %d \r\n%s\r\n%s" % (response.status_code, lines, response.body)


def listening(port: int = 0) -> socket.socket:
    """A socket that listens on this loopback port, 0 for any that is free. OSError where someone else has it."""
    opened = socket.socket()
    try:
        # Else a restart would wait for old connections to fade.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((LOOPBACK, port))
        opened.listen(2048)
        opened.setblocking(False)
        return opened
    except OSError:
        opened.close()
        raise


def remembered(workspace: Workspace, name: str) -> socket.socket:
    """A listening socket on the port this service had last time, on another where that is taken."""
    try:
        return listening(workspace.port(name))
    except OSError:
        sock = listening()
        write_whole(workspace.note(f"port-{name}"), str(sock.getsockname()[1]))
        return sock


async def host(apps: dict, sockets: dict[str, socket.socket], ready: Callable[[], None], stop: asyncio.Event) -> None:
    """Serve each application on the socket of its name, until `stop` is set;
    `ready` is called when all take requests."""
    servers = [(_server(app), [sockets[name]]) for name, app in apps.items()]
    for server, own in servers:
        await server.startup(own)
    ticking = [asyncio.create_task(server.main_loop()) for server, _ in servers]  # the Date header
    ready()
    await stop.wait()
    for task in ticking:
        task.cancel()
    await asyncio.gather(*(_ended(server) for server, _ in servers))


def _server(app) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        proxy_headers=False,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    return server


async def _ended(server: uvicorn.Server) -> None:
    """Stop at once: what is still being answered, such as a fault's long delay, is cut off."""
    for opened in server.servers:
        opened.close()
    for connection in list(server.server_state.connections):
        connection.transport.close()
    await asyncio.sleep(0)  # so that each has noticed
    tasks = list(server.server_state.tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def run(work) -> None:
    """Run a coroutine to its end, on uvloop where that is installed."""
    loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with contextlib.suppress(ImportError):
        import uvloop

        loop = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(work)


class Hosted:
    """Applications served by a thread of this process while the block runs; the block's value are their ports."""

    _loop: asyncio.AbstractEventLoop
    _stop: asyncio.Event

    def __init__(self, apps: dict):
        self._apps = apps

    def __enter__(self) -> dict[str, int]:
        sockets = {name: listening() for name in self._apps}
        up = threading.Event()
        self._thread = threading.Thread(target=run, args=[self._serve(sockets, up)], name="hosted", daemon=True)
        self._thread.start()
        clock = FairClock()
        while not up.wait(0.1):
            if clock.seconds() > TIMEOUT_S:
                raise MachineTooBusy(f"a simulated API did not start within {clock.passed:.0f} s")
        return {name: sock.getsockname()[1] for name, sock in sockets.items()}

    def __exit__(self, *_) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self, sockets: dict[str, socket.socket], up: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await host(self._apps, sockets, up.set, self._stop)
