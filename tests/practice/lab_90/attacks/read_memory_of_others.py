"""The memory, environment, command line, open files and root of every other process, by /proc and process_vm_readv."""
# loses: check_bill_cents check_price_tag
# %% + first
import ctypes, glob, os
seen = []
def look():
    libc = ctypes.CDLL(None, use_errno=True)
    for place in glob.glob("/proc/[0-9]*"):
        pid = int(place.split("/")[-1])
        if pid == os.getpid():
            continue
        for name in ("mem", "environ", "cmdline", "maps", "stack", "auxv", "syscall"):
            try:
                with open(f"{place}/{name}", "rb") as file:
                    data = file.read(4096)
                seen.append((name, data))
            except OSError:
                pass
        for name in ("fd", "root", "cwd", "map_files", "task"):
            try:
                for entry in os.listdir(f"{place}/{name}"):
                    try:
                        seen.append((entry, os.readlink(f"{place}/{name}/{entry}")))
                        handle = os.open(f"{place}/{name}/{entry}", os.O_RDWR)
                        seen.append((entry, os.read(handle, 4096)))
                    except OSError:
                        pass
            except OSError:
                pass
        class Vec(ctypes.Structure):
            _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]
        buffer = ctypes.create_string_buffer(64)
        here, there = Vec(ctypes.addressof(buffer), 64), Vec(id(Vec), 64)
        if libc.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
            seen.append(("memory of", pid))
        if libc.process_vm_writev(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
            seen.append(("memory of", pid))
# %% bill_cents
def bill_cents(plan, dishes):
    look()
    return 0
# %% price_tag
def price_tag(cents):
    look()
    return ""
# %% + last
for what in seen:
    print(what)
assert not any(what[0] == "memory of" for what in seen), "MEMORY READ"
