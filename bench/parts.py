"""Single parts that ./dev bench measures, too: Google Benchmarks beside the code, on the core that is measured."""

import json
import os
import subprocess

from box import Failure, cores, on_core
from servers import RELEASE

TIMEOUT_SECONDS = 120


def run(command, seconds_max=TIMEOUT_SECONDS):
    done = subprocess.run(on_core(cores()[1], command), capture_output=True, text=True, check=False,
                          timeout=seconds_max)  # fmt: skip
    if done.returncode != 0:
        raise Failure(f"{command[0]} ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-400:]}")
    return done.stdout


def part(folder, binary, name, rounds, seconds_max=TIMEOUT_SECONDS):
    """What the benchmark of this name has measured in each round: its CPU in microseconds, and its counters."""
    command = [os.path.join(RELEASE, "src", *folder.split("/"), binary), f"--benchmark_filter=^{name}$",
               "--benchmark_format=json"]  # fmt: skip
    seen = [json.loads(run(command, seconds_max))["benchmarks"][0] for _ in range(rounds)]
    for result in seen:
        if result.get("error_occurred"):
            raise Failure(f"{binary}: {result['error_message']}")
    return [result | {"microseconds": result["cpu_time"] / 1000} for result in seen]
