"""Load on one server for a few seconds, and what it cost that server."""

import json
import os
import resource
import subprocess

from box import Failure, both_cores, cores, last_json, on_core, sleeps
from servers import PEERS, RELEASE

TOOL = os.path.join(RELEASE, "bench", "bench_load")
GRACE_SECONDS = 60


def with_wrk(server, path, connections, seconds, fields=None, refused=False, script="wrk_report.lua", arguments=()):
    """Kept connections by wrk, a thread on each core; any socket error is a failure, and any status but 2xx or 3xx, or,
    where `refused`, any of these. A script makes requests that differ, by its arguments.

    On the server's core as well, so that it is the server that is waited for. A wrk on the other core alone is as slow
    as a server that only answers: then whoever is quicker sleeps more often, and pays for that what they save.
    """
    command = ["env", f"WRK_PEERS={PEERS}", "wrk", "-t2", f"-c{connections}", f"-d{seconds}s",
               "-s", os.path.join(PEERS, script)]  # fmt: skip
    for name, value in (fields or {}).items():
        command += ["-H", f"{name}: {value}"]
    command += [f"http://127.0.0.1:{server.port}{path}", *(["--", *arguments] if arguments else [])]
    result = measured(server, command, seconds, both_cores())
    if refused:
        result["status"] = result["requests"] - result["status"]
    wrong = {name: result[name] for name in ("connect", "read", "write", "timeout", "status") if result[name]}
    if wrong:
        raise Failure(f"wrk met errors: {wrong}")
    return finish(result, result["requests"])


def with_ours(server, path, connections, seconds, core=None, **flags):
    """Kept connections by bench_load, which checks every status and body; flags are its own, with _ for -."""
    command = [TOOL, "--port", str(server.port), "--path", path, "--connections", str(connections),
               "--seconds", str(seconds)]  # fmt: skip
    for name, value in flags.items():
        command.append("--" + name.replace("_", "-"))
        if value is not True:
            command.append(str(value))
    result = measured(server, command, seconds, core)
    if not result["ok"]:
        shown = {key: result[key] for key in ("statuses", "broken", "wrong_bodies", "first_wrong")}
        raise Failure(f"not every answer was as it has to be: {json.dumps(shown)}")
    return finish(result, result["answers"])


def measured(server, command, seconds, core=None):
    before, sleeps_before, load_before = server.cpu(), sleeps(server.pids), children_cpu()
    try:
        done = subprocess.run(on_core(core or cores()[1], command), capture_output=True, text=True, check=False,
                              timeout=seconds + GRACE_SECONDS)  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Failure(f"{command[0]} did not come to an end: {error}") from error
    if not done.stdout.strip():
        raise Failure(f"{os.path.basename(command[0])}: {done.stderr.strip()[-400:]}")
    result = last_json(done.stdout)
    result["server_cpu_seconds"] = server.cpu() - before
    result["load_cpu_seconds"] = children_cpu() - load_before
    result["server_sleeps"] = sleeps(server.pids) - sleeps_before
    return result


def children_cpu():
    """CPU seconds of the children of this process that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def finish(result, answers):
    if not answers:
        raise Failure("nothing was answered")
    result["per_second"] = answers / result["seconds"]
    result["cpu_us"] = result["server_cpu_seconds"] / answers * 1e6
    result["load_cpu_us"] = result["load_cpu_seconds"] / answers * 1e6
    result["sleeps_a_request"] = result["server_sleeps"] / answers
    return result
