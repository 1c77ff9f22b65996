"""The check of packages.txt catches what it is for."""

import check_packages
from planted import CheckTest, main

ALWAYS = "libclang-rt-19-dev   # test: runtimes\nlibgmock-dev   # build: matchers\n"


class Packages(CheckTest):
    def check(self, listed, files):
        return self.messages(check_packages.check, {"packages.txt": ALWAYS + listed} | files)

    def refuses(self, expected, listed, files):
        self.assert_finds(expected, check_packages.check, {"packages.txt": ALWAYS + listed} | files)

    def test_what_is_used_is_listed(self):
        self.refuses("needs libssl-dev", "", {"CMakeLists.txt": "find_package(OpenSSL 3 REQUIRED)\n"})
        self.refuses("needs librocksdb-dev", "", {"src/a.cc": "#include <rocksdb/db.h>\n"})
        self.refuses("needs wrk", "", {"bench/load.sh": "wrk -c 4\n"})
        self.refuses("needs nginx", "", {"bench/run.py": 'start(["nginx", "-c", path])\n'})
        self.refuses("needs python3-h11", "", {"tests/edge.py": "import h11\n"})

    def test_components_of_boost_count(self):
        text = "find_package(Boost 1.81 REQUIRED COMPONENTS json)\n"
        self.refuses("needs libboost-json1.81-dev", "libboost1.81-dev  # build: x\n", {"CMakeLists.txt": text})

    def test_what_nobody_knows_is_found(self):
        self.refuses("knows; add it", "", {"src/a.cc": "#include <zmq/zmq.hpp>\n"})
        self.refuses("knows; add it", "", {"CMakeLists.txt": "find_package(ZeroMQ)\n"})
        self.refuses("knows; add it", "", {"tests/a.py": "import numpy.linalg\n"})

    def test_the_standard_libraries_need_nothing(self):
        files = {"src/a.cc": "#include <vector>\n#include <sys/mman.h>\n", "tests/a.py": "import os.path\n"}
        self.assertEqual(self.check("", files), [])

    def test_comments_call_no_tool(self):
        self.assertEqual(self.check("", {"bench/a.sh": "# unlike wrk, this is polite\n"}), [])

    def test_what_is_listed_is_used(self):
        self.refuses("uses libfoo-dev", "libfoo-dev  # build: nobody knows\n", {})

    def test_a_line_has_its_shape(self):
        use = {"src/a.cc": "#include <openssl/sha.h>\n"}
        good = "libssl-dev  # build: TLS\n"
        self.refuses("write it as", good + "make\n", use)
        self.refuses("write it as", good + "make # later: reason\n", use)
        self.refuses("stands in line 3", good + good, use)


if __name__ == "__main__":
    main()
