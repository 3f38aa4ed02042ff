"""TCP and UDP to the host's own listener, to addresses of the network, and to the wide world."""
# loses: check_bill_cents check_price_tag
# %% + first
import socket, urllib.request
for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", socket.gethostname(), "10.0.2.2", "172.17.0.1", "192.168.0.1", "169.254.169.254", "1.1.1.1"):
    for port in (47811, 22, 80, 8786, 5432):
        try:
            with socket.create_connection((host, port), timeout=0.2) as c:
                c.sendall(b"GET / HTTP/1.0\r\n\r\n")
                print("reached", host, port, c.recv(100))
        except OSError as error:
            pass
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(b"hello", (host, 47811))
    except OSError:
        pass
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return ""
