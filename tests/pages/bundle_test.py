"""Modules that are joined mean what they meant, or are refused.

usage: bundle_test.py CMAKE_FOLDER
"""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, sys.argv.pop(1))

from bundle import Trouble, bundle


class Bundle(unittest.TestCase):
    def joined(self, **modules):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in modules.items():
                with open(os.path.join(folder, name + ".js"), "w", encoding="utf-8") as file:
                    file.write(text)
            return bundle(folder, "main.js")

    def test_what_a_module_needs_comes_before_it_and_once(self):
        shared = "export const one = 1;\n"
        left = 'import { one } from "./shared.js";\nexport const two = one + one;\n'
        main = 'import { two } from "./left.js";\nimport { one } from "./shared.js";\nshow(one, two);\n'
        text = self.joined(main=main, left=left, shared=shared)
        self.assertEqual(text, "const one = 1;\nconst two = one + one;\nshow(one, two);\n")

    def test_imports_over_several_lines_are_dropped_too(self):
        text = self.joined(main='import {\n  one,\n} from "./other.js";\nshow(one);\n', other="export const one = 1;\n")
        self.assertEqual(text, "const one = 1;\nshow(one);\n")

    def test_only_what_the_entry_passes_on_is_exported(self):
        other = "export class A {}\nexport class B {}\n"
        text = self.joined(main='export { A } from "./other.js";\n', other=other)
        self.assertEqual(text, "class A {}\nclass B {}\nexport { A };\n")

    def test_two_that_need_each_other_are_taken_once(self):
        other = 'import { main } from "./main.js";\nexport function other() { main(); }\n'
        main = 'import { other } from "./other.js";\nexport function main() { other(); }\n'
        text = self.joined(main=main, other=other)
        self.assertEqual(text.count("function main"), 1)

    def test_comments_and_indentation_are_left_out(self):
        self.assertEqual(self.joined(main="// why\nif (x) {\n  y(); // z\n}\n"), "if (x) {\ny(); // z\n}\n")

    def test_a_name_given_twice_is_refused(self):
        with self.assertRaisesRegex(Trouble, "main.js: 'one' is a name in other.js"):
            self.joined(main='import { two } from "./other.js";\nconst one = two;\n', other="let one = 1;\n")

    def test_what_would_change_its_meaning_is_refused(self):
        for text in (
            "export default 1;\n",
            'import * as all from "./other.js";\n',
            'import { one as two } from "./other.js";\n',
            "const text = `a\n  b`;\n",
        ):
            with self.assertRaises(Trouble, msg=text):
                self.joined(main=text, other="export const one = 1;\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
