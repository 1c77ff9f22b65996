"""A machine's clock that a test sets: libfaketime's, which reads the time from a file whenever it is asked."""

import contextlib
import glob
import os


@contextlib.contextmanager
def faked_clock(file):
    """What is started meanwhile has the clock that the file says: "+3600s", or "@2026-11-20 00:00:00" as it starts.

    Steady clocks go on as they are.
    """
    library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")[0]  # in the folder of this machine's kind
    # The sanitizer wants to be the first library; the clock has to come before the C library only.
    os.environ.update({"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1",
                       "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                       "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"})  # fmt: skip
    try:
        yield
    finally:
        del os.environ["LD_PRELOAD"]
