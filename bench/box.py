"""The machine under the benches: its description, its cores, free ports, and what a process has used of it."""

import contextlib
import json
import os
import platform
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(ROOT, "tests", "api"))
from free_port import free_port  # noqa: E402

RESULTS = os.path.join(ROOT, "build", "bench")
DATA = os.environ.get("DOORBUSTER_BENCH_DIR", RESULTS)  # the disk that is measured


class Failure(Exception):
    """A bench cannot say anything true: the row shows this sentence instead of a number."""


def cores():
    """(server's, load's): the first and the last core that we may use; one and the same on a machine of one."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


def both_cores():
    """The server's and the load's, for on_core()."""
    return ",".join(str(core) for core in sorted(set(cores())))


def come_first():
    """Before everybody else on this machine: this process and all that it starts."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError as error:
        raise SystemExit("--realtime needs root, or CAP_SYS_NICE") from error


def on_core(core, command):
    return ["taskset", "-c", str(core), *command]


def family(pid):
    """The process and all that descend from it."""
    found = [pid]
    for task in tasks(pid):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
            for child in file.read().split():
                found += family(int(child))
    return found


def tasks(pid):
    try:
        return os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []


def cpu_seconds(pids):
    """CPU time of all threads of these processes and their children, to the nanosecond (schedstat)."""
    return sum(sum(thread_seconds(member).values()) for pid in pids for member in family(pid))


def thread_seconds(pid):
    """{(thread's id, name): CPU seconds}"""
    seconds = {}
    for task in tasks(pid):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
                used = int(file.read().split()[0]) / 1e9
            with open(f"/proc/{pid}/task/{task}/comm", encoding="utf-8") as file:
                seconds[(task, file.read().strip())] = used
    return seconds


def sleeps(pids):
    """How often their threads have gone to sleep: a server that waits for its load pays for waking up."""
    return sum(sleeps_of(member, task) for pid in pids for member in family(pid) for task in tasks(member))


def sleeps_of(pid, task):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
    return 0


def resident_bytes(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            if line.startswith("Rss:"):
                return int(line.split()[1]) * 1024
    raise Failure(f"the kernel does not tell the memory of process {pid}")


def describe():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "kernel": platform.release(),
        "load_average": os.getloadavg(),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": first_line(["git", "-C", ROOT, "describe", "--always", "--dirty"]),
        "versions": {
            "nginx": first_line(["nginx", "-v"]),
            "redis": first_line(["redis-server", "--version"]),
            "wrk": first_line(["wrk", "-v"]),
        },
        "pinning": "server side on core %d, load on core %d" % cores(),
        "scheduling": "SCHED_RR" if os.sched_getscheduler(0) == os.SCHED_RR else "SCHED_OTHER",
        "data": os.path.relpath(DATA, ROOT) if DATA.startswith(ROOT) else DATA,
        "fdatasync_us": sync_micros(),
    }


def first_line(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return "missing"
    return (done.stdout + done.stderr).strip().split("\n")[0]


def sync_micros(times=200):
    """The median time to append 4 KiB to a file on the disk of the benches and to wait until it is there."""
    path = os.path.join(DATA, "sync.probe")
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    taken = []
    for _ in range(times):
        os.write(descriptor, b"x" * 4096)
        start = time.perf_counter()
        os.fdatasync(descriptor)
        taken.append((time.perf_counter() - start) * 1e6)
    os.close(descriptor)
    os.unlink(path)
    return round(sorted(taken)[times // 2])


def last_json(text):
    lines = [line for line in text.split("\n") if line.startswith("{")]
    if not lines:
        raise Failure(f"no result was printed, only: {text.strip()[-400:]}")
    return json.loads(lines[-1])
