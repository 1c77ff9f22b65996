"""The checks of documents catch what they are for."""

import check_docs
from planted import CheckTest, main


class Links(CheckTest):
    def refuses(self, expected, files):
        self.assert_finds(expected, check_docs.check_links, files)

    def test_a_link_leads_to_a_file_or_a_folder(self):
        files = {"README.md": "[a](docs/a.md) [b](docs) [c](https://x.org/y) [d](docs/a.md#two-words)\n"}
        self.assert_clean(check_docs.check_links, files | {"docs/a.md": "# Two words!\n[back](../README.md)\n"})

    def test_a_dead_link_is_found(self):
        self.refuses("README.md:2: the link to b.md", {"README.md": "\n[a](b.md)\n"})

    def test_links_are_relative_to_their_file(self):
        self.refuses("leads nowhere", {"docs/a.md": "[b](docs/b.md)\n", "docs/b.md": ""})

    def test_a_dead_anchor_is_found(self):
        self.refuses("no heading #three", {"README.md": "# One\n[x](#three)\n"})

    def test_examples_in_code_are_no_links(self):
        self.assert_clean(check_docs.check_links, {"a.md": "`[x](nowhere)`\n```\n[y](nowhere)\n```\n"})


class Mentions(CheckTest):
    def test_code_that_sends_its_reader_to_a_document_that_is_not_there_is_found(self):
        files = {"src/a.h": "// see docs/formats/a.md for the bytes\n"}
        self.assert_finds("src/a.h:1: docs/formats/a.md does not exist", check_docs.check_mentions, files)
        self.assert_clean(check_docs.check_mentions, files | {"docs/formats/a.md": ""})


class Decisions(CheckTest):
    INDEX = {"docs/decisions/README.md": "[0001](0001-a.md) [0001](0001-b.md)\n"}

    def refuses(self, expected, files):
        self.assert_finds(expected, check_docs.check_decisions, self.INDEX | files)

    def test_a_numbered_decision_in_the_index_passes(self):
        self.assert_clean(check_docs.check_decisions, self.INDEX | {"docs/decisions/0001-a.md": "# 0001 A\n"})

    def test_a_number_is_used_once(self):
        files = {"docs/decisions/0001-a.md": "# 0001 A\n", "docs/decisions/0001-b.md": "# 0001 B\n"}
        self.refuses("0001 is taken by docs/decisions/0001-a.md", files)

    def test_a_decision_is_named_indexed_and_titled(self):
        self.refuses("is named NNNN", {"docs/decisions/why.md": "# Why\n"})
        self.refuses("not in the index", {"docs/decisions/0002-c.md": "# 0002 C\n"})
        self.refuses("the title is", {"docs/decisions/0001-a.md": "# A\n"})


if __name__ == "__main__":
    main()
