"""What the self-tests share: a tree of a few lines, and what a check says about it."""

import unittest

from tree import Tree


class CheckTest(unittest.TestCase):
    def messages(self, check, files, other_paths=()):
        return [str(finding) for finding in check(Tree(files, other_paths))]

    def assert_finds(self, expected, check, files, other_paths=()):
        """Exactly one finding, which holds `expected`."""
        found = self.messages(check, files, other_paths)
        self.assertEqual(len(found), 1, found)
        self.assertIn(expected, found[0])

    def assert_clean(self, check, files, other_paths=()):
        self.assertEqual(self.messages(check, files, other_paths), [])


def main():
    unittest.main(verbosity=1)
