"""What makes a function a row of effects_test.py."""


def row(function):
    function.is_row = True
    return function


def same(seen, expected, what=""):
    if seen != expected:
        raise AssertionError(f"{what or 'seen'}: {seen!r}, not {expected!r}")


def holds(truth, what):
    if not truth:
        raise AssertionError(what)
