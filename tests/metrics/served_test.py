"""Holds docs/metrics.md, docs/operations.md and the alerts of deploy/prometheus/ to a running server.

Starts the demo, buys something, and reads /metrics: names, types, labels and help are those of the document, in both
directions; promtool finds nothing to complain about; every alert asks for what is served, and has its row in the
operations' page.

Usage: served_test.py DOORBUSTER, the server's binary.
"""

import http.client
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import free_port  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "metrics.md"
OPERATIONS = ROOT / "docs" / "operations.md"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
RECORDING = ROOT / "deploy" / "prometheus" / "recording.yml"
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \|([^|]*)\| (.*) \|$", re.MULTILINE)
SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
# What a selection of a rule's expression looks like: a metric of ours, and the labels that it must have.
SELECTION = re.compile(r"\b((?:doorbuster|process)_\w+)(?:\{([^}]*)\})?")


class Family:
    def __init__(self, kind, words, labels=None):
        self.kind = kind
        self.words = words
        self.labels = labels  # None until a series has been seen

    def __eq__(self, other):
        return (self.kind, self.words, self.labels) == (other.kind, other.words, other.labels)

    def __str__(self):
        labels = ", ".join(f"`{label}`" for label in self.labels or [])
        return f"{self.kind} | {labels + ' ' if labels else ''}| {self.words}"


class Demo:
    """`doorbuster run` on a folder of its own, and one customer who buys."""

    def __init__(self, binary):
        self.binary = binary
        self.folder = tempfile.mkdtemp(prefix="doorbuster-")
        self.url = f"http://127.0.0.1:{free_port()}"
        sandbox = f"http://127.0.0.1:{free_port()}"
        listen = self.url.removeprefix("http://")
        command = [binary, "run", "--listen", listen, "--data", self.folder, "--payment-url", sandbox]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.read().decode()

    def wait(self):
        patience = time.monotonic() + 60
        while time.monotonic() < patience and self.process.poll() is None:
            try:
                if '"demo"' in self.get("/api/v1/sales"):
                    return
            except (OSError, urllib.error.URLError):
                pass
            time.sleep(0.1)
        raise RuntimeError("the demo does not start")

    def buy(self):
        command = [self.binary, "demo", "buy", "--server", self.url, "--data", self.folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60)

    def be_refused(self):
        """One who has a unit may not have another."""
        command = [self.binary, "token", "--sub", "greedy", "--data", self.folder]
        token = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        statuses = [self.reserve(token) for _ in range(2)]
        if statuses != [201, 409]:
            raise RuntimeError(f"two reservations of one customer are answered with {statuses}")

    def make_link(self):
        self.as_operator("/api/v1/urls", b'{"long_url":"https://shop.example/","custom_alias":"mail"}')
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=10)
        connection.request("GET", "/mail")
        if connection.getresponse().status != 301:
            raise RuntimeError("a link is not followed")

    def make_webhook(self):
        self.as_operator("/api/v1/webhooks", b'{"url":"http://127.0.0.1:9/"}')

    def as_operator(self, path, wanted):
        request = urllib.request.Request(self.url + path, method="POST", data=wanted)
        key = (pathlib.Path(self.folder) / "operator.key").read_text().strip()
        request.add_header("Authorization", "Bearer " + key)
        urllib.request.urlopen(request, timeout=10).close()

    def reserve(self, token):
        request = urllib.request.Request(self.url + "/api/v1/sales/demo/holds", method="POST", data=b"")
        request.add_header("Authorization", "Bearer " + token)
        try:
            return urllib.request.urlopen(request, timeout=10).status
        except urllib.error.HTTPError as answer:
            return answer.code


def documented():
    families = {}
    for name, kind, labels, words in ROW.findall(DOCUMENT.read_text()):
        families[name] = Family(kind, words, re.findall(r"`(\w+)`", labels))
    return families


def served(text):
    families = {}
    values = {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            _, _, name, words = line.split(" ", 3)
            families[name] = Family("", words)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ", 3)
            families[name].kind = kind
        else:
            name, labels, value = SAMPLE.fullmatch(line).groups()
            family = families[family_of(name, families)]
            family.labels = [label for label, _ in LABEL.findall(labels or "") if label != "le"]
            values[line.rpartition(" ")[0]] = float(value)
    return families, values


def family_of(name, families):
    """Of a histogram's series, its own name."""
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    return base if families.get(base) and families[base].kind == "histogram" else name


def differences(document, server):
    for name in sorted(document.keys() | server.keys()):
        if name not in server:
            yield f"{name} is in {DOCUMENT.name}, but not served"
        elif name not in document:
            yield f"{name} is served, but not in {DOCUMENT.name}: | `{name}` | {server[name]} |"
        elif document[name] != server[name]:
            yield f"{DOCUMENT.name} says {name} | {document[name]} |\n  served is {name} | {server[name]} |"


def wrong_in_alerts(families):
    named = set()
    for group in yaml.safe_load(ALERTS.read_text())["groups"]:
        for rule in group["rules"]:
            named.add(rule["alert"])
            for metric, labels in SELECTION.findall(rule["expr"]):
                yield from wrong_in_selection(rule["alert"], metric, labels, families)
    for group in yaml.safe_load(RECORDING.read_text())["groups"]:
        for rule in group["rules"]:
            for metric, labels in SELECTION.findall(rule["expr"]):
                yield from wrong_in_selection(rule["record"], metric, labels, families)
    alerts = OPERATIONS.read_text().partition("\n## Alerts\n")[2].partition("\n## ")[0]
    listed = set(re.findall(r"^\| `(\w+)` \|", alerts, re.MULTILINE))
    for name in sorted(named ^ listed):
        yield f"the alert {name} is in only one of {ALERTS.name} and {OPERATIONS.name}"


def wrong_in_selection(rule, metric, labels, families):
    family = families.get(family_of(metric, families))
    if family is None:
        yield f"{rule} asks for {metric}, which is not served"
        return
    for label, _ in LABEL.findall(labels):
        if label not in family.labels:
            yield f"{rule} asks for the label {label} of {metric}, which has none"


def wrong_in_values(values):
    """Of what has just happened: one purchase."""
    patience = {
        'doorbuster_sale_units{sale="demo",state="sold"}': 1,
        'doorbuster_cell_is_owner{cell="0"}': 1,
        'doorbuster_invariant_violations{invariant="units"}': 0,
        "doorbuster_payments_open": 0,
    }
    for series, value in patience.items():
        if values.get(series) != value:
            yield f"{series} is {values.get(series)}, not {value}"
    for series in [
        'doorbuster_sale_units{sale="demo",state="held"}',
        'doorbuster_cell_append_seconds_count{cell="0"}',
        'doorbuster_cell_wait_seconds_count{cell="0"}',
        'doorbuster_cell_batch_events_sum{cell="0"}',
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "process_open_fds",
        'doorbuster_http_request_seconds_count{listener="public",answer="deferred"}',
        'doorbuster_http_request_seconds_count{listener="public",answer="immediate"}',
        'doorbuster_links_visits_total{result="sent_on"}',
        "doorbuster_links_redirect_seconds_count",
        'doorbuster_links_clicks_by_country_total{country="ZZ"}',
    ]:
        if not values.get(series, 0) > 0:
            yield f"{series} is {values.get(series)}"


def promtool(*arguments, text=None):
    done = subprocess.run(["promtool", *arguments], input=text, capture_output=True, text=True)
    return [f"promtool {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}"] if done.returncode else []


def main(binary):
    with Demo(binary) as demo:
        demo.wait()
        demo.buy()
        demo.be_refused()
        demo.make_webhook()
        demo.make_link()
        text = demo.get("/metrics")
    families, values = served(text)
    wrong = list(differences(documented(), families))
    wrong += wrong_in_values(values)
    wrong += wrong_in_alerts(families)
    wrong += promtool("check", "metrics", text=text)
    wrong += promtool("check", "rules", ALERTS, RECORDING)
    wrong += promtool("test", "rules", pathlib.Path(__file__).with_name("alerts_test.yml"))
    for sentence in wrong:
        print(sentence)
    print(f"{len(families)} metrics, {len(values)} series, {len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
