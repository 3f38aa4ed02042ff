"""Threads: a pool inside, and one left running that only waits."""
# %% bill_cents
import threading
from concurrent.futures import ThreadPoolExecutor

def bill_cents(plan, dishes):
    with ThreadPoolExecutor(4) as pool:
        extra = pool.map(lambda dish: 450 if dish > 10 else 0, range(1, dishes + 1))
        return PLANS[plan] + sum(extra)

stop = threading.Event()
threading.Thread(target=stop.wait, daemon=True).start()
# %% totals_by
from concurrent.futures import ThreadPoolExecutor

def totals_by(orders, key):
    keys = [key(order) for order in orders]
    with ThreadPoolExecutor(2) as pool:
        sums = pool.map(lambda group: sum(o["cents"] for o, k in zip(orders, keys) if k == group), dict.fromkeys(keys))
        return dict(zip(dict.fromkeys(keys), sums))
# %% Bucket
import threading

class Bucket:
    def __init__(self, capacity):
        self.lock = threading.RLock()
        self.capacity = self.left = capacity
        self.idle = threading.Event()
        threading.Thread(target=self.idle.wait, daemon=True).start()

    def take(self, n):
        with self.lock:
            if self.left < n:
                return False
            self.left = self.left - n
            return True

    def refill(self, n):
        with self.lock:
            self.left = min(self.left + n, self.capacity)
# %% price_tag
import threading

def price_tag(cents):
    box = []
    def work():
        box.append(("-" if cents < 0 else "") + f"${abs(cents) / 100:,.2f}")
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return box.pop()
