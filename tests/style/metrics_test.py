"""The check of docs/metrics.md catches what it is for."""

import check_metrics
from planted import CheckTest, main

ROW = "| `doorbuster_holds_total{sale}` | counter | Holds made. |\n"
CODE = 'metrics.counter(\n    "doorbuster_holds_total", "Holds made.");\n'


class MetricsList(CheckTest):
    def refuses(self, expected, document, code):
        files = {"docs/metrics.md": document, "src/sale/probe.cc": code}
        self.assert_finds(expected, check_metrics.check, files)

    def test_what_is_listed_and_registered_passes(self):
        self.assert_clean(check_metrics.check, {"docs/metrics.md": ROW, "src/sale/probe.cc": CODE})

    def test_a_metric_that_is_not_listed_is_found(self):
        self.refuses("src/sale/probe.cc:1: doorbuster_holds_total is not in", "", CODE)

    def test_a_listed_metric_that_nobody_registers_is_found(self):
        self.refuses("docs/metrics.md:1: no code registers doorbuster_holds_total", ROW, "")

    def test_a_wrong_kind_is_found(self):
        self.refuses("is a counter", ROW.replace("counter", "gauge"), CODE)

    def test_metrics_of_tests_need_no_row(self):
        self.assert_clean(check_metrics.check, {"src/ops/metrics_test.cc": CODE})


if __name__ == "__main__":
    main()
