"""Daemons under other names: setsid sleep, nohup sh, a shell in the background, python -c."""
# loses: check_bill_cents
# %% + first
import subprocess, sys
for command in ("setsid sleep 301 &", "nohup sh -c 'while true; do sleep 1; done' labs-attack-daemon >/dev/null 2>&1 &", "(sleep 302 &) &"):
    subprocess.Popen(command, shell=True, start_new_session=True, env={}, close_fds=True)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(303)", "labs-attack-daemon"], start_new_session=True, env={})
get_ipython().system_raw("sleep 304 &")
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
