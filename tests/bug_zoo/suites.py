"""The suites that are let loose on a planted bug, and what each says about it."""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

SECONDS_A_TEST = 120
MODEL_SEEDS = 40
SIMULATED_SEEDS = 200
SIMULATED_SWEEPS = 20
NUMBERS = {"model": MODEL_SEEDS, "simulated": SIMULATED_SEEDS, "sweeps": SIMULATED_SWEEPS}
SHOWN_SEED = re.compile(r"^.* seed (\d+)$", re.MULTILINE)
SIMULATED_FINDING = re.compile(r"found after (\d+) runs, by [^:]*: (.*)$", re.MULTILINE)


@dataclass
class Verdict:
    """What one suite says: how many tests ran, which failed (or which promise was broken), and, for those of chance,
    after how many seeds (or runs)."""

    ran: int = 0
    failed: list = field(default_factory=list)
    seeds: int = 0
    unit: str = "seed"

    def __bool__(self):
        return bool(self.failed)


@dataclass
class Gtests:
    """Tests of one GoogleTest binary, each in a process of its own: a bug may end the process by an assertion."""

    title: str
    areas: tuple  # whose bugs it can meet: the word before the colon in bug_zoo.h
    binary: str
    pattern: str

    def run(self, folder, bug):
        binary = os.path.join(folder, self.binary)
        names = list_tests(binary, self.pattern)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(lambda name: run_once([binary, f"--gtest_filter={name}"], bug), names))
        return Verdict(len(names), [name for name, result in zip(names, results) if not result.passed])


@dataclass
class Model:
    """The machine beside its reference, seed by seed; the first seed that fails in any profile counts."""

    title: str
    areas: tuple
    binary: str
    pattern: str

    def run(self, folder, bug):
        binary = os.path.join(folder, self.binary)
        verdict = Verdict()
        for name in list_tests(binary, self.pattern):
            verdict.ran += 1
            result = run_once([binary, f"--gtest_filter={name}"], bug)
            seen = [int(seed) for seed in SHOWN_SEED.findall(result.output)]
            if not result.passed:
                verdict.failed.append(name)
                verdict.seeds = min(verdict.seeds or seen[-1], seen[-1]) if seen else verdict.seeds
        return verdict


@dataclass
class Simulator:
    """The whole server in one thread under simulated time, disk and network."""

    title: str
    areas: tuple
    binary: str

    def run(self, folder, bug):
        command = [os.path.join(folder, self.binary), "--seeds-to-find"]
        command += ["--seeds", str(SIMULATED_SEEDS), "--sweeps", str(SIMULATED_SWEEPS)]
        result = run_once(command, bug, SECONDS_A_TEST * 5)
        if result.passed:
            return Verdict(SIMULATED_SEEDS)
        found = SIMULATED_FINDING.search(result.output)
        if not found:
            return Verdict(SIMULATED_SEEDS, ["the simulator itself failed or hung"])
        return Verdict(SIMULATED_SEEDS, [found[2]], int(found[1]), "run")


ALL = [
    Gtests("unit tests", ("machine",), "src/sale/machine/sale_machine_test", "*-Model.*:SmallWorlds.*"),
    Model("model", ("machine",), "src/sale/machine/sale_machine_test", "Model.*"),
    Gtests("small worlds", ("machine",), "src/sale/machine/sale_machine_test", "SmallWorlds.*"),
    Gtests("log's contract", ("log",), "src/log/log_test", "*LogContract*"),
    Gtests("log's other tests", ("log",), "src/log/log_test", "*-*LogContract*"),
    Gtests("cell's tests", ("cell",), "src/cell/cell_test", "*"),
    Gtests(
        "follower's tests",
        ("follower",),
        "src/platform/platform_test",
        "FollowerTest.*:UselessState.*:*StateStoreTest.*:*FolderStoreTest.*",
    ),
    Gtests(
        "webhooks' tests",
        ("webhooks",),
        "src/platform/platform_test",
        "Backlog*:LanesTest.*:PositionFileTest.*:SequenceRanges.*:Webhook*",
    ),
    Gtests(
        "keys' and cookies' tests",
        ("guest", "session", "keys"),
        "src/auth/auth_test",
        "GuestCookies.*:OperatorSessionsTest.*:KeyStoreTest.*",
    ),
    Gtests(
        "outbox's tests",
        ("payment outbox",),
        "src/sale/sale_test",
        "OpenPayment.*:NameOfPayment.*:UnexpectedPayment.*",
    ),
    Simulator("simulator", (), "doorbuster_sim"),  # whatever the layer, it runs it
]


@dataclass
class Result:
    passed: bool
    output: str


def run_once(command, bug, seconds=SECONDS_A_TEST):
    """A test that hangs because of a bug has noticed it, too."""
    environment = {
        **os.environ,
        "DOORBUSTER_BUG": bug,
        "DOORBUSTER_SEEDS": str(MODEL_SEEDS),
        "DOORBUSTER_SHOW_SEEDS": "1",
    }
    try:
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as expired:
        return Result(False, (expired.stdout or b"").decode(errors="replace"))
    return Result(done.returncode == 0, done.stdout.decode(errors="replace"))


def list_tests(binary, pattern):
    """Full names, for example "Twins/LogContract.Reads/memory"."""
    listing = subprocess.run(
        [binary, "--gtest_list_tests", f"--gtest_filter={pattern}"], stdout=subprocess.PIPE, check=True, text=True
    ).stdout
    names, suite = [], ""
    for line in listing.splitlines():
        name = line.split("#")[0].rstrip()
        if line.startswith("  "):
            names.append(suite + name.strip())
        elif name.endswith("."):
            suite = name
    return names
