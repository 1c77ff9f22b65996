"""Rows, the table that is printed and the files that are written."""

import json
import os
import statistics
from dataclasses import dataclass, field

from box import RESULTS


def say(text):
    print(f"   {text}", flush=True)


def median_of(values):
    return statistics.median(values)


@dataclass
class Row:
    name: str
    peer: str = ""
    results: dict = field(default_factory=dict)  # every round of each side
    value: float = 0
    unit: str = ""
    at_least: float = 0
    aim: float = 0
    better: str = "lower"
    strictly: bool = False  # the bound itself does not do
    note: str = ""
    failure: str = ""

    def reaches(self, bound):
        if self.failure:
            return False
        if self.better == "higher":
            return self.value >= bound
        return self.value < bound if self.strictly else self.value <= bound

    def medians(self):
        """The median of each number of each side, over the rounds."""
        return {side: medians_of(rounds) for side, rounds in self.results.items() if rounds}

    def as_json(self):
        return {
            "name": self.name, "peer": self.peer, "value": self.value, "unit": self.unit, "at_least": self.at_least,
            "aim": self.aim, "better": self.better, "met_at_least": self.reaches(self.at_least),
            "met_aim": self.reaches(self.aim), "note": self.note, "failure": self.failure,
            "medians": self.medians(), "rounds": self.results,
        }  # fmt: skip


def medians_of(rounds):
    numbers = [key for key, value in rounds[0].items() if isinstance(value, int | float) and value is not True]
    return {key: statistics.median([r[key] for r in rounds]) for key in numbers if not isinstance(rounds[0][key], bool)}


def shown(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 0.1 else f"{value:.2f}"


def verdict(row, bound):
    return "met" if row.reaches(bound) else "NOT MET"


def bound_text(row, bound):
    sign = ">=" if row.better == "higher" else "<" if row.strictly else "<="
    return f"{sign} {shown(bound)} {verdict(row, bound)}"


def side_text(medians):
    if not medians or "per_second" not in medians:
        return ""
    parts = [f"{medians['per_second']:,.0f}/s"]
    if "cpu_us" in medians:
        parts.append(f"{medians['cpu_us']:.2f} us CPU")
    if "p50_us" in medians:
        parts.append(f"p50 {medians['p50_us'] / 1000:.2f} p99 {medians['p99_us'] / 1000:.2f} ms")
    return ", ".join(parts)


def table(rows):
    lines = [("bench", "measured", "at least", "aim", "ours", "peer", "note")]
    for row in rows:
        if row.failure:
            lines.append((row.name, "FAILED", "NOT MET", "NOT MET", row.failure, "", ""))
            continue
        medians = row.medians()
        lines.append((
            row.name, f"{shown(row.value)} {row.unit}", bound_text(row, row.at_least), bound_text(row, row.aim),
            side_text(medians.get("ours")), ": ".join(filter(None, [row.peer, side_text(medians.get("peer"))])),
            row.note,
        ))  # fmt: skip
    return "\n".join("| " + " | ".join(line) + " |" for line in with_rule(lines))


def with_rule(lines):
    return [lines[0], tuple("---" for _ in lines[0]), *lines[1:]]


def write(name, rows, machine, rounds):
    os.makedirs(RESULTS, exist_ok=True)
    path = os.path.join(RESULTS, f"{name}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "rounds": rounds, "rows": [row.as_json() for row in rows]}, file, indent=1)
        file.write("\n")
    return os.path.relpath(path)
