"""The level check catches what it is for."""

import check_levels
from planted import CheckTest, main


def tree(path, *lines):
    """A tree of every level, and one more file with the given lines."""
    files = {
        "src/base/bytes.h": "",
        "src/base/prng.h": "",
        "src/sale/machine/machine.h": "",
        "src/region/machine/machine.h": "",
        "src/log/log.h": "",
        "src/cell/cell.h": "",
        "src/net/server.h": "",
        "src/ops/metrics/counter.h": "",
        "src/sale/sale.h": "",
        "src/sale/service.h": "",
        "src/sale/views/orders.h": "",
        "src/sale/api/calls.h": "",
        "src/sale/testing/server.h": "",
        "src/platform/views/follower.h": "",
        "src/platform/api/call.h": "",
        "src/guard/guard.h": "",
        "src/app/config.h": "",
    }
    return files | {path: "\n".join(lines) + "\n"}


class Levels(CheckTest):
    def allows(self, path, *lines):
        self.assert_clean(check_levels.check, tree(path, *lines))

    def refuses(self, expected, path, *lines):
        self.assert_finds(expected, check_levels.check, tree(path, *lines))

    def test_a_file_includes_its_own_folder_and_what_is_below(self):
        self.allows("src/log/memory.cc", '#include "log/log.h"', '#include "base/bytes.h"')
        self.allows("src/app/main.cc", '#include "sale/sale.h"', '#include "sale/machine/machine.h"')

    def test_nobody_includes_upwards(self):
        self.refuses("may not include log/log.h", "src/base/time.cc", '#include "log/log.h"')
        self.refuses("may not include app/config.h", "src/sale/views/list.cc", '#include "app/config.h"')

    def test_an_include_after_a_space_or_an_indent_counts(self):
        self.refuses("may not include log/log.h", "src/base/time.cc", '  #  include "log/log.h"')

    def test_folders_of_one_level_do_not_know_each_other(self):
        self.refuses("may not include net/server.h", "src/ops/health.cc", '#include "net/server.h"')
        self.refuses("may not include guard/guard.h", "src/sale/api/join.cc", '#include "guard/guard.h"')

    def test_a_folder_inside_another_may_stand_on_a_level_of_its_own(self):
        self.allows("src/net/reactor.h", '#include "ops/metrics/counter.h"')
        self.allows("src/ops/health.cc", '#include "ops/metrics/counter.h"')
        self.refuses("may not include ops/", "src/sale/machine/fifo.cc", '#include "ops/metrics/counter.h"')
        self.refuses("may not include net/", "src/ops/metrics/text.cc", '#include "net/server.h"')

    def test_a_cell_may_use_the_log_but_not_the_other_way_round(self):
        self.allows("src/cell/batch.h", '#include "log/log.h"')
        self.refuses("may not include cell/cell.h", "src/log/memory.cc", '#include "cell/cell.h"')

    def test_a_service_has_its_own_machine_and_no_other(self):
        self.allows("src/sale/api/hold.cc", '#include "sale/machine/machine.h"')
        self.refuses("may not include region/machine", "src/sale/api/hold.cc", '#include "region/machine/machine.h"')

    def test_a_machine_knows_only_base_and_itself(self):
        self.allows("src/sale/machine/fifo.cc", '#include "base/bytes.h"', '#include "sale/machine/machine.h"')
        self.refuses("may not include sale/sale.h", "src/sale/machine/fifo.cc", '#include "sale/sale.h"')
        self.refuses("may not include region/", "src/sale/machine/fifo.cc", '#include "region/machine/machine.h"')

    def test_a_service_stands_on_the_platform_and_not_the_other_way_round(self):
        self.allows("src/sale/api/hold.cc", '#include "platform/api/call.h"', '#include "platform/views/follower.h"')
        self.refuses("may not include sale/sale.h", "src/platform/api/paging.cc", '#include "sale/sale.h"')

    def test_within_a_service_views_stand_below_calls_and_both_below_the_service(self):
        self.allows("src/sale/api/list.cc", '#include "sale/views/orders.h"')
        self.allows("src/sale/service.cc", '#include "sale/api/calls.h"', '#include "sale/views/orders.h"')
        self.refuses("stands above or beside", "src/sale/views/orders.cc", '#include "sale/api/calls.h"')
        self.refuses("stands above or beside", "src/sale/api/hold.cc", '#include "sale/service.h"')
        self.refuses("stands above or beside", "src/platform/views/x.cc", '#include "platform/api/call.h"')

    def test_what_is_made_for_tests_stays_with_the_tests(self):
        self.allows("src/sale/api/hold_test.cc", '#include "sale/testing/server.h"', '#include "sale/service.h"')
        self.allows("src/sale/testing/server.cc", '#include "sale/service.h"')
        self.refuses("which is for tests", "src/sale/api/hold.cc", '#include "sale/testing/server.h"')

    def test_a_sub_folder_without_a_place_is_refused(self):
        self.refuses("has no place", "src/sale/misc/x.cc", '#include "sale/views/orders.h"')

    def test_a_folder_without_a_level_is_refused(self):
        self.refuses("has no level", "src/misc/helper.cc", '#include "base/bytes.h"')

    def test_a_quoted_include_is_written_from_src(self):
        self.refuses("written from src/", "src/log/memory.cc", '#include "log.h"')
        self.refuses("written from src/", "src/log/memory.cc", '#include "../base/bytes.h"')


class Purity(CheckTest):
    PATH = "src/sale/machine/fifo.cc"

    def refuses(self, expected, *lines):
        self.assert_finds(expected, check_levels.check, tree(self.PATH, *lines))

    def test_a_machine_has_no_clock_no_threads_no_files_no_randomness(self):
        for header in ("chrono", "thread", "mutex", "atomic", "fstream", "iostream", "random", "unistd.h", "ctime"):
            self.refuses("a machine is pure", f"#include <{header}>")

    def test_a_machine_has_no_hash_order(self):
        self.refuses("a machine is pure", "#include <unordered_map>")
        self.refuses("no unordered_set", "std::unordered_set<int> set;")

    def test_a_machine_asks_nobody_for_time_or_chance(self):
        self.refuses("no SystemClock", "const auto now = SystemClock().now();")
        self.refuses("no fill_random", "fill_random(bytes);")
        self.refuses("base/prng.h", '#include "base/prng.h"')

    def test_its_tests_may_use_what_they_need(self):
        self.assert_clean(check_levels.check, tree("src/sale/machine/fifo_test.cc", "#include <iostream>"))

    def test_a_comment_may_speak_of_clocks(self):
        self.assert_clean(check_levels.check, tree(self.PATH, "// Never SystemClock: time comes in."))


if __name__ == "__main__":
    main()
