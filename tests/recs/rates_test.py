"""Events are a kind of request of their own for the guard: a stampede of them is held back, and who asks is answered.

Usage: rates_test.py DOORBUSTER
"""

import pathlib
import sys
import tempfile

from recs_server import RecsServer, event

POLICY = """preset = "drop"
[rates.session]
per_minute = 60
burst = 60
[weights]
tell = 30
poll = 1
"""


def main(binary):
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as policy:
        policy.write(POLICY)
        policy.flush()
        with RecsServer(binary, f"--guard-policy={pathlib.Path(policy.name)}") as server:
            told = [server.public("POST", "/events", [event("view", "hat", session="p")]) for _ in range(4)]
            assert [answer.status for answer in told] == [202, 202, 429, 429], [answer.status for answer in told]
            assert int(told[2].headers["retry-after"]) > 0
            asked = [server.public("GET", "/recommendations?session=p").status for _ in range(30)]
            assert asked == [200] * 30, asked
            assert server.tell(event("view", "hat", session="q"))["recorded"] == 1, "operators are not held back"
            metrics = server.request("GET", "/metrics").body.decode()
            for line in ('doorbuster_guard_passed_total{action="tell"} 2',
                         'doorbuster_guard_refused_total{action="tell",rate="session"} 2'):  # fmt: skip
                assert line in metrics, f"{line} is not among the metrics"
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
