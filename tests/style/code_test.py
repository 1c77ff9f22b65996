"""The checks of text and of C++ habits catch what they are for."""

import check_code
import check_text
from planted import CheckTest, main


class Text(CheckTest):
    def refuses(self, expected, text):
        self.assert_finds(expected, check_text.check, {"a.md": text})

    def test_stray_blanks_are_found(self):
        self.refuses("a.md:2: blanks", "one\ntwo \n")
        self.refuses("blanks", "one\t\n")
        self.refuses("blanks", "one\r\n")

    def test_a_last_line_ends(self):
        self.refuses("does not end", "one")

    def test_unfinished_work_is_found(self):
        for word in ("TO" "DO", "FIX" "ME", "HA" "CK"):
            self.refuses("finish it", f"// {word}: later\n")

    def test_paths_of_one_machine_are_found(self):
        self.refuses("path of one machine", "see /ho" "me/alice/notes\n")
        self.refuses("path of one machine", "see /wo" "rk/main\n")

    def test_addresses_and_words_with_slashes_pass(self):
        self.assert_clean(check_text.check, {"a.md": "https://example.org/home/page and ~/work/x and teamwork/home.\n"})


class Headers(CheckTest):
    def test_a_header_begins_with_what_it_is(self):
        self.assert_clean(check_code.check_headers, {"a.h": "// What it is.\n//\n// More.\n#pragma once\n"})
        self.assert_finds("begin", check_code.check_headers, {"a.h": "#pragma once\n// late\n"})
        self.assert_finds("begin", check_code.check_headers, {"a.h": "// What.\n#include <map>\n#pragma once\n"})

    def test_a_header_has_its_guard(self):
        old_guard = "// What.\n#ifndef A_H\n#define A_H\n#endif\n"
        self.assert_finds("pragma once", check_code.check_headers, {"a.h": old_guard})


class Ownership(CheckTest):
    def test_machines_cells_and_logs_share_nothing(self):
        for path in ("src/sale/machine/m.h", "src/cell/cell.h", "src/log/memory.cc"):
            self.assert_finds("one owner", check_code.check_ownership, {path: "std::shared_ptr<int> a;\n"})

    def test_others_may_and_comments_too(self):
        self.assert_clean(check_code.check_ownership, {"src/net/c.h": "std::shared_ptr<int> a;\n"})
        self.assert_clean(check_code.check_ownership, {"src/log/log.h": "// no shared_ptr here\n"})


class Fuzzers(CheckTest):
    FUZZER = {"src/net/parse_fuzz.cc": "int LLVMFuzzerTestOneInput();\n"}

    def test_a_fuzzer_has_a_corpus(self):
        self.assert_finds("needs inputs", check_code.check_fuzzers, self.FUZZER)
        self.assert_finds("needs inputs", check_code.check_fuzzers, self.FUZZER, ["src/net/corpus/other_fuzz/1"])
        self.assert_clean(check_code.check_fuzzers, self.FUZZER, ["src/net/corpus/parse_fuzz/1"])

    def test_a_fuzzer_has_an_entry(self):
        files = {"src/net/parse_fuzz.cc": "int main() {}\n"}
        self.assert_finds("defines", check_code.check_fuzzers, files, ["src/net/corpus/parse_fuzz/1"])


if __name__ == "__main__":
    main()
