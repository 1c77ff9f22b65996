"""Single parts that ./dev bench measures, too: Google Benchmarks beside the code, on the core that is measured."""

import json
import os
import subprocess

from box import Failure, cores, on_core
from servers import RELEASE

TIMEOUT_SECONDS = 120


def run(command):
    done = subprocess.run(on_core(cores()[1], command), capture_output=True, text=True, check=False,
                          timeout=TIMEOUT_SECONDS)  # fmt: skip
    if done.returncode != 0:
        raise Failure(f"{command[0]} ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-400:]}")
    return done.stdout


def part(folder, binary, name, rounds):
    """What the benchmark of this name has measured in each round: its CPU in microseconds, and its counters."""
    command = [os.path.join(RELEASE, "src", *folder.split("/"), binary), f"--benchmark_filter=^{name}$",
               "--benchmark_format=json"]  # fmt: skip
    seen = [json.loads(run(command))["benchmarks"][0] for _ in range(rounds)]
    return [result | {"microseconds": result["cpu_time"] / 1000} for result in seen]
