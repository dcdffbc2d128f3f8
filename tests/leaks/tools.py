"""tools - real programs, whose output is better evidence than a template; what is not installed is named"""

import os
import shutil
import subprocess
import tempfile

missing = set()
quick = False


class Absent(Exception):
    pass


def find(name):
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not path:
        missing.add(name)
        raise Absent(name)
    return path


def run(name, *arguments, stdin=None, **options):
    """What the program prints; raises Absent where it is not installed or refuses."""
    done = subprocess.run([find(name), *arguments], input=stdin, capture_output=True, text=True, timeout=60, **options)
    if done.returncode:
        missing.add("%s %s (it says: %s)" % (name, arguments[0] if arguments else "", done.stderr.strip().split("\n")[-1][:80]))
        raise Absent(name)
    return done.stdout


def folder():
    return tempfile.TemporaryDirectory(prefix="watchdesk-leaks-")


def available(rows):
    """The rows up to the first that needs a program which is not there."""
    try:
        yield from rows
    except Absent:
        return
