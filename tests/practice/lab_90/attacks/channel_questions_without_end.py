"""Questions and no answer: the examiner is asked for ever."""
# loses: check_bill_cents
# %% bill_cents
import msgpack, os, struct, threading
data = msgpack.packb(["tuple", ["ask", "str", 5, ["LIST", []], ["DICT", {}]]])
message = struct.pack(">I", len(data)) + data
def bill_cents(plan, dishes):
    def drain():
        while os.read(3, 65536):
            pass
    threading.Thread(target=drain, daemon=True).start()
    while True:
        os.write(3, message * 100)
