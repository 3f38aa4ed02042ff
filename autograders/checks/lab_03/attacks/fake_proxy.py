"""A relay on the standby's port that passes everything on to the primary."""
# loses: check_waiting_for_fresh_data check_month_end_runs_on_the_standby
# %% + first
import os, socket, threading, time
def relay(port, to):
    if os.fork() == 0:
        def pump(a, b):
            try:
                while data := a.recv(65536):
                    b.sendall(data)
            except OSError:
                pass
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        while True:
            one, _ = listener.accept()
            other = socket.create_connection(("127.0.0.1", to))
            threading.Thread(target=pump, args=(one, other), daemon=True).start()
            threading.Thread(target=pump, args=(other, one), daemon=True).start()
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    port = standby.runtime.port
    standby.stop("immediate")
    relay(port, primary.runtime.port)
    time.sleep(0.3)
# %% month_end
def month_end(primary, standby, password) -> tuple:
    row = primary.row(MONTH_END)
    port = standby.runtime.port
    standby.stop("immediate")
    relay(port, primary.runtime.port)
    return row
