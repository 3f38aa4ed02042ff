"""Unix sockets of the host: abstract ones, docker's, systemd's, X's, and those in temporary folders."""
# loses: check_bill_cents check_price_tag
# %% + first
import glob, socket
for address in ("\0labs-attacks-canary", "\0/tmp/.X11-unix/X0", "/var/run/docker.sock", "/run/docker.sock", "/run/dbus/system_bus_socket",
                "/run/systemd/private", "/dev/log", "/tmp/labs-canary.sock", *glob.glob("/tmp/**/*.sock", recursive=True), *glob.glob("/tmp/.s.PGSQL*")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            with socket.socket(socket.AF_UNIX, kind) as s:
                s.settimeout(0.2)
                s.connect(address)
                s.send(b"hello")
                print("reached", repr(address))
        except OSError:
            pass
try:
    with open("/proc/net/unix") as file:
        print(file.read()[:2000])
    with open("/proc/net/tcp") as file:
        print(file.read()[:2000])
except OSError:
    pass
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return ""
