"""The check of private names catches what it is for."""

import check_unity
from planted import CheckTest, main


def private(*lines):
    return "namespace doorbuster {\nnamespace {\n\n" + "\n".join(lines) + "\n\n}  // namespace\n}\n"


class PrivateNames(CheckTest):
    def tree(self, first, second, where="src/sale/b.cc"):
        return {
            "src/sale/CMakeLists.txt": "",
            "src/sale/machine/CMakeLists.txt": "",
            "src/sale/a.cc": private(first),
            where: private(second),
        }

    def refuses(self, expected, first, second):
        self.assert_finds(expected, check_unity.check, self.tree(first, second))

    def test_a_constant_a_type_and_a_function_stand_in_one_file(self):
        self.refuses("kMagic is a private", 'constexpr std::string_view kMagic = "a";', "constexpr int kMagic = 7;")
        self.refuses("Shown is a private", "struct Shown {\n  int a;\n};", "class Shown {};")
        self.refuses("b.cc:4: mint is a private", "void mint() {\n}", "Result<Token> mint(const Options& options) {")

    def test_a_name_after_a_function_is_seen(self):
        self.refuses("kB is a private", "void f() {\n  g();\n}\nconstexpr int kB = 1;", "constexpr int kB = 2;")

    def test_another_module_may_have_the_same_name(self):
        for where in ["src/sale/machine/b.cc", "src/sale/b_test.cc"]:
            same = "constexpr int kB = 1;"
            self.assert_clean(check_unity.check, self.tree(same, same, where))

    def test_what_is_used_is_not_declared(self):
        self.assert_clean(check_unity.check, self.tree("void f() {\n  mint(1);\n}", "void g() {\n  mint(1);\n}"))


if __name__ == "__main__":
    main()
