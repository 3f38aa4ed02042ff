"""What a test lent is kept, and called from a thread and in a later test."""
# loses: check_totals_by check_charges check_bill_cents
# %% + first
import threading
kept = []
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% totals_by
def totals_by(orders, key):
    kept.append(key)
    def later():
        for _ in range(1000):
            try:
                key({"city": "Lyon", "plan": "solo", "cents": 1})
            except BaseException:
                pass
    threading.Thread(target=later, daemon=True).start()
    return {}
# %% charges
def charges(fetch):
    kept.append(fetch)
    for function in kept:
        try:
            function({"city": "Lyon"})
        except BaseException:
            pass
    yield "ch_1"
# %% + last
for function in kept:
    try:
        print(function(None))
    except BaseException as error:
        print("refused", type(error).__name__)
