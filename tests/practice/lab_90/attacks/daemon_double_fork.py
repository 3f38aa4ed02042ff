"""A daemon: forked twice, with a session of its own, that would write and listen for ever."""
# loses: check_bill_cents
# %% + first
import os, signal, socket, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir("/")
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            while True:
                try:
                    open("/tmp/labs-attack-daemon", "a").write("x")
                except OSError:
                    pass
                time.sleep(0.2)
    os._exit(0)
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
