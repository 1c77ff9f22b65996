"""The rows of the engine without HTTP: durable decisions, cells on one disk, snapshots, expiry, growth."""

import os
import subprocess

from box import Failure, last_json
from report import Row, median_of, medians_of, say
from servers import RELEASE, scratch

TOOL = os.path.join(RELEASE, "bench", "bench_engine")
TIMEOUT_SECONDS = 600


def engine(*arguments):
    command = [TOOL, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    if not done.stdout.strip():
        raise Failure(f"bench_engine ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    result = last_json(done.stdout)
    if not result["ok"]:
        raise Failure(f"bench_engine {arguments[0]}: {result}")
    return result


def in_folder(name, *arguments):
    with scratch("engine") as folder:
        return engine(name, "--folder", os.path.join(folder, "log"), *arguments)


def decisions(rounds, _shop):
    results = []
    for number in range(rounds):
        last = in_folder("decisions")
        results.append(last)
        say(f"round {number + 1} of {rounds}: {last['per_second']:,.0f}/s, {last['cpu_us']:.2f} us CPU, "
            f"{last['events_a_batch']:.0f} events a batch")  # fmt: skip
    middle = medians_of(results)
    yield Row(
        name="durable decisions without HTTP", results={"ours": results}, unit="/s", at_least=500_000, aim=1_000_000,
        value=middle["per_second"], better="higher",
        note=f"{middle['events_a_batch']:.0f} events a batch, {middle['append_us']:.0f} us an append; "
             "clients on the same cores",
    )  # fmt: skip


def cells(rounds, _shop):
    """Both sides in turn: the disk's moods are those of minutes."""
    results = {"one": [], "sixteen": []}
    for number in range(rounds):
        results["one"].append(in_folder("decisions"))
        results["sixteen"].append(in_folder("decisions", "--cells", 16))
        one, sixteen = results["one"][-1], results["sixteen"][-1]
        say(f"round {number + 1} of {rounds}: {one['per_second']:,.0f}/s in one cell, "
            f"{sixteen['per_second']:,.0f}/s in sixteen")  # fmt: skip
    pairs = zip(results["one"], results["sixteen"], strict=True)
    yield Row(
        name="16 cells on one disk against one: decisions a second", results=results, unit="x", better="higher",
        value=median_of([many["per_second"] / one["per_second"] for one, many in pairs]), at_least=1.0, aim=1.5,
        note=f"two clients; CPU a decision {medians_of(results['one'])['cpu_us']:.2f} us in one cell, "
             f"{medians_of(results['sixteen'])['cpu_us']:.2f} us in sixteen",
    )  # fmt: skip


def snapshot(rounds, _shop):
    results = []
    for number in range(min(rounds, 3)):
        last = in_folder("snapshot", "--count", 4_000_000)
        results.append(last)
        say(f"round {number + 1}: p99 of a hold {last['without_p99_us']} us without, {last['during_p99_us']} us during "
            f"{last['snapshot_seconds']:.1f} s of a snapshot of {last['snapshot_mib']:.0f} MiB")  # fmt: skip
    middle = medians_of(results)
    yield Row(
        name="p99 of a hold during a snapshot of 4,000,000 records, against without", results={"ours": results},
        unit="x", value=median_of([r["during_p99_us"] / r["without_p99_us"] for r in results]), at_least=2, aim=1.2,
        note=f"{middle['without_p99_us']:.0f} us without, {middle['during_p99_us']:.0f} us during; longest "
             f"{middle['without_max_us']:.0f} and {middle['during_max_us']:.0f} us",
    )  # fmt: skip


def expiry(rounds, _shop):
    results = []
    for number in range(min(rounds, 2)):
        last = in_folder("expiry")
        results.append(last)
        say(f"round {number + 1}: late p50 {last['late_p50_us']} p99 {last['late_p99_us']} "
            f"max {last['late_max_us']} us, durable p99 {last['durable_p99_us']} us")  # fmt: skip
    middle = {key: value / 1000 for key, value in medians_of(results).items()}
    yield Row(
        name="expiry lateness, 1,000,000 live holds", results={"ours": results}, value=middle["late_p99_us"],
        unit="ms p99", at_least=10, aim=2, strictly=True,
        note=f"p50 {middle['late_p50_us']:.2f}, max {middle['late_max_us']:.2f} ms; "
             f"until durable p99 {middle['durable_p99_us']:.2f} ms",
    )  # fmt: skip


def growth(rounds, _shop):
    results = [engine("growth") for _ in range(rounds)]
    middle = medians_of(results)
    yield Row(
        name="how it grows: machine, 1,000 -> 1,000,000 customers", results={"ours": results}, unit="x CPU a hold",
        value=median_of([r["many_ns"] / r["few_in_small_tables_ns"] for r in results]), at_least=1.5, aim=1.0,
        note=f"{middle['few_in_small_tables_ns']:.0f} ns in tables for 4,000 -> {middle['many_ns']:.0f} ns; the first "
             f"1,000 in tables for 4,000,000: {middle['few_ns']:.0f} ns",
    )  # fmt: skip
    memory = engine("memory")
    for key, what in (("bytes_a_hold", "hold"), ("bytes_an_entry", "entry")):
        yield Row(
            name=f"memory a live {what}, machine alone", unit="bytes", value=memory[key], at_least=200, aim=100,
            results={"ours": [memory]},
        )  # fmt: skip
