"""Brings what the pages take from npm, exactly as web/package-lock.json names it: npm_ci.py WEB FOLDER

The build calls it when the lock has changed. What `npm ci` has put into web/node_modules is taken from there, so that a
machine without npm or without a network can build too.
"""

import json
import os
import shutil
import subprocess
import sys

NPM = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
TROUBLE = """
The pages' libraries ({names}) could not be fetched: {why}.
What helps:
  - install npm (apt-get install npm) and see to it that it reaches its registry (npm ping);
  - or run `npm ci` in web/ where there is a network, and bring web/node_modules/ here: the build takes it from there.
"""


def wanted(web):
    """Paths of the packages below WEB, with their versions."""
    with open(os.path.join(web, "package-lock.json"), encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    return {path: package["version"] for path, package in packages.items() if path}


def is_there(web, packages):
    return all(version_in(os.path.join(web, path)) == version for path, version in packages.items())


def version_in(folder):
    try:
        with open(os.path.join(folder, "package.json"), encoding="utf-8") as file:
            return json.load(file)["version"]
    except OSError:
        return None


def fetch(web, folder):
    """What is wrong, or None."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(os.path.join(web, name), folder)
    if shutil.which(NPM[0]) is None:
        return "there is no npm here"
    status = subprocess.run(NPM, cwd=folder).returncode
    return f"`{' '.join(NPM)}` ended with status {status}" if status else None


def bring(web, folder):
    packages = wanted(web)
    os.makedirs(folder, exist_ok=True)
    if is_there(web, packages):
        shutil.rmtree(os.path.join(folder, "node_modules"), ignore_errors=True)
        for path in packages:
            shutil.copytree(os.path.join(web, path), os.path.join(folder, path), dirs_exist_ok=True)
    elif why := fetch(web, folder):
        names = ", ".join(path.removeprefix("node_modules/") for path in packages)
        raise SystemExit(TROUBLE.format(names=names, why=why))


if __name__ == "__main__":
    bring(sys.argv[1], sys.argv[2])
    with open(os.path.join(sys.argv[2], "done"), "w", encoding="utf-8"):
        pass
