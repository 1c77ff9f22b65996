"""The checks of sizes catch what they are for, and know where a function begins and ends."""

import check_sizes
from cxx import functions
from planted import CheckTest, main


class Files(CheckTest):
    def test_a_file_of_400_lines_passes_and_one_more_does_not(self):
        self.assert_clean(check_sizes.check_files, {"src/a.cc": "\n" * 400})
        self.assert_finds("401 lines", check_sizes.check_files, {"src/a.cc": "\n" * 401})

    def test_scripts_count_and_documents_do_not(self):
        self.assert_finds("dev:0: 500 lines", check_sizes.check_files, {"dev": "\n" * 500})
        self.assert_clean(check_sizes.check_files, {"LICENSE": "\n" * 500, "README.md": "\n" * 500})


class Lines(CheckTest):
    def test_the_121st_column_is_one_too_many(self):
        self.assert_clean(check_sizes.check_lines, {"a.h": "x" * 120 + "\n"})
        self.assert_finds("a.h:2: 121 columns", check_sizes.check_lines, {"a.h": "\n" + "x" * 121 + "\n"})


class Functions(CheckTest):
    def long(self, before, after="}"):
        """A function of 71 lines."""
        return before + "\n" + "  work();\n" * 69 + after + "\n"

    def test_70_lines_pass_and_71_do_not(self):
        self.assert_clean(check_sizes.check_functions, {"a.cc": "void f() {\n" + "  g();\n" * 68 + "}\n"})
        self.assert_finds("a.cc:1: 'void f()' has 71", check_sizes.check_functions, {"a.cc": self.long("void f() {")})

    def test_methods_tests_and_constructors_are_functions(self):
        for head in (
            "int Ring::size() const {",
            "auto f(int a) -> int {",
            "TEST(Ring, IsBounded) {",
            "template <class T>\n  requires std::integral<T>\nT f(T t) {",
            "Ring::Ring(int n) : mask_{n}, slots_(n) {",
            "Ring::Ring(int n) noexcept : slots_(n), mask_{n} {",
        ):
            found = self.messages(check_sizes.check_functions, {"a.cc": self.long(head)})
            self.assertEqual(len(found), 1, head)

    def test_a_long_class_or_namespace_is_no_function(self):
        body = "  void f() { g(); }\n" * 100
        heads = ("class X final : public Y {", "namespace a {", "struct alignas(64) S {", 'extern "C" {', "enum E {")
        for head in heads:
            self.assert_clean(check_sizes.check_functions, {"a.cc": head + "\n" + body + "};\n"})

    def test_a_long_table_is_no_function(self):
        table = "const int kTable[] = {\n" + "  f(1),\n" * 100 + "};\n"
        self.assert_clean(check_sizes.check_functions, {"a.cc": table})

    def test_a_method_inside_a_class_is_found(self):
        text = "class X {\n public:\n" + self.long("  void f() {", "  }") + "};\n"
        self.assert_finds("a.h:3:", check_sizes.check_functions, {"a.h": text})

    def test_braces_in_literals_comments_and_macros_do_not_confuse(self):
        text = 'const char* a = "}{";\nchar b = \'{\';  // {\n#define OPEN {\nauto c = R"x({{)x";\n'
        text += "int n = 1'000;\nvoid f() {\n}\n"
        self.assertEqual([(f.head, f.lines) for f in functions(text)], [("void f()", 2)])

    def test_python_and_shell_functions_count(self):
        python = "def f():\n" + "    g()\n" * 70
        self.assert_finds("'f' has 71", check_sizes.check_functions, {"a.py": python})
        self.assert_finds("'f' has 71", check_sizes.check_functions, {"a.sh": "f() {\n" + "  g\n" * 69 + "}\n"})


if __name__ == "__main__":
    main()
