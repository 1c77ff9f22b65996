"""Which Debian package brings what the project uses; a new library or tool gets a line here and one in packages.txt."""

# find_package(NAME), and the components of Boost
CMAKE_PACKAGES = {
    "Boost": "libboost1.81-dev",
    "Boost::json": "libboost-json1.81-dev",
    "Boost::url": "libboost-url1.81-dev",
    "CLI11": "libcli11-dev",
    "CURL": "libcurl4-openssl-dev",
    "GTest": "libgtest-dev",
    "OpenSSL": "libssl-dev",
    "Python3": "python3",
    "RocksDB": "librocksdb-dev",
    "Threads": None,
    "benchmark": "libbenchmark-dev",
    "spdlog": "libspdlog-dev",
    "tomlplusplus": "libtomlplusplus-dev",
}

# #include <PREFIX...>, the longest prefix decides
INCLUDES = {
    "CLI/": "libcli11-dev",
    "argon2.h": "libargon2-dev",
    "maxminddb.h": "libmaxminddb-dev",
    "png.h": "libpng-dev",
    "qrencode.h": "libqrencode-dev",
    "benchmark/": "libbenchmark-dev",
    "boost/": "libboost1.81-dev",
    "boost/json": "libboost-json1.81-dev",
    "boost/url": "libboost-url1.81-dev",
    "cblas.h": "libopenblas-dev",
    "curl/": "libcurl4-openssl-dev",
    "gmock/": "libgmock-dev",
    "gtest/": "libgtest-dev",
    "libpsl.h": "libpsl-dev",
    "libpq-fe.h": "libpq-dev",
    "openssl/": "libssl-dev",
    "re2/": "libre2-dev",
    "unicode/": "libicu-dev",
    "rocksdb/": "librocksdb-dev",
    "spdlog/": "libspdlog-dev",
    "tl/expected.hpp": "libexpected-dev",
    "toml++/": "libtomlplusplus-dev",
    "xgboost/": "libxgboost-dev",
    "zlib.h": "zlib1g-dev",
}

# Headers of the C library, of Linux and of the compiler: they come with g++.
SYSTEM_INCLUDES = (
    "arm_acle.h", "arpa/", "cxxabi.h", "dlfcn.h", "errno.h", "execinfo.h", "fcntl.h", "ifaddrs.h", "immintrin.h",
    "linux/", "malloc.h", "net/", "netdb.h", "netinet/", "nmmintrin.h", "poll.h", "pthread.h", "pwd.h", "sanitizer/",
    "sched.h", "signal.h", "spawn.h", "stdint.h", "stdlib.h", "string.h", "strings.h", "sys/",
    "termios.h", "time.h", "unistd.h",
    "x86intrin.h",
)  # fmt: skip

# Words that call a tool, in ./dev and its parts, presets, CMake files, tests and benches.
TOOLS = {
    "ccache": "ccache",
    "chromium": "chromium",
    "chromium-headless-shell": "chromium-headless-shell",
    "clang++-19": "clang-19",
    "clang-format-19": "clang-format-19",
    "cmake": "cmake",
    "ctest": "cmake",
    "curl": "curl",
    "g++": "g++",
    "gcovr": "gcovr",
    "haproxy": "haproxy",
    "nginx": "nginx",
    "node": "nodejs",
    "npm": "npm",
    "openssl": "openssl",
    "promtool": "prometheus",
    "redis-server": "redis-server",
    "redis-cli": "redis-tools",
    "run-clang-tidy-19": "clang-tidy-19",
    "slowhttptest": "slowhttptest",
    "wrk": "wrk",
    "zbarimg": "zbar-tools",
    "taskset": None,
    "Ninja": "ninja-build",
    "mold": "mold",
    "python3": "python3",
}

# import NAME in a Python file
PYTHON_MODULES = {
    "h11": "python3-h11",
    "yaml": "python3-yaml",
    "jsonschema": "python3-jsonschema",
    "selenium": "python3-selenium",
    "jwt": "python3-jwt",
    "cryptography": "python3-cryptography",
}

# Listed for a reason that no line of code names.
WITHOUT_A_WORD = {
    "tzdata": "src/base/time_zone.cc reads /usr/share/zoneinfo",
    "uap-core": "src/links/CMakeLists.txt reads its regexes.yaml",
    "libnginx-mod-http-lua": "bench/peers/holds.conf loads it",
    "libclang-rt-19-dev": "clang-19 links the sanitizers and libFuzzer from it",
    "llvm-19": "ThreadSanitizer asks its llvm-symbolizer-19 for names, and tests/tsan.supp suppresses by name",
    "libfaketime": "tests/clock/clock_test.py has it loaded before the C library",
    "libgmock-dev": "GTest::gmock_main is the main of every test",
}
