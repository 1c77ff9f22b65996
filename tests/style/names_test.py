"""The check of names catches what it is for."""

import check_names
from planted import CheckTest, main


class Names(CheckTest):
    def test_tests_have_one_style(self):
        self.assert_finds("names_like_this", check_names.check, {"src/a_test.cc": "TEST(A, ReadsTwice) {}\n"})
        self.assert_finds("names_like_this", check_names.check, {"src/a_test.cc": "TEST_P(A, reads__twice) {}\n"})
        self.assert_clean(check_names.check, {"src/a_test.cc": "TEST_F(A, reads_2_heads) {}\n"})

    def test_coined_words_are_found_in_names(self):
        self.assert_finds("admission flow", check_names.check, {"src/a.h": "class Doorway;\n"})
        self.assert_finds("deciles", check_names.check, {"src/a.cc": "int kTenths = 10;\n"})

    def test_words_of_the_language_pass(self):
        files = {"src/a.cc": "// Front is a word, and so is a tenth.\nint first_tent = 1;\nint distill = 2;\n"}
        self.assert_clean(check_names.check, files)

    def test_coined_phrases_are_found_in_texts(self):
        self.assert_finds("restart", check_names.check, {"src/a.cc": 'auto a = "Mend the cause and go on";\n'})
        self.assert_finds("required", check_names.check, {"docs/a.md": "Who are you?\n"})


if __name__ == "__main__":
    main()
