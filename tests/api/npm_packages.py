"""Packages of npm's that a test of ours needs: a stranger's client, a library that judges a page."""

import pathlib
import shutil
import subprocess

SKIPPED = 77  # what CTest is told to take for "skipped"


def fetched(source, folder, *scripts):
    """Whether `folder` has what the lock file in `source` names, fetched now if need be, with these scripts."""
    source, folder = pathlib.Path(source), pathlib.Path(folder)
    lock = (source / "package-lock.json").read_text(encoding="utf-8")
    done = folder / "done"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", *scripts):
        shutil.copy(source / name, folder)
    if done.exists() and done.read_text(encoding="utf-8") == lock:
        return True
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if shutil.which("npm") is None or subprocess.run(npm, cwd=folder).returncode != 0:
        print("npm or its registry cannot be had")
        return False
    done.write_text(lock, encoding="utf-8")
    return True
