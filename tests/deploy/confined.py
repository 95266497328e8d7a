"""Runs a program under restrictions of deploy/quotewell.service, where systemd is not the first
process: the system calls it allows, by libseccomp, and memory that is never both written and run,
by the kernel's own switch for that (`PR_SET_MDWE`, Linux 6.3).

    python confined.py deploy/quotewell.service program argument ...
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import subprocess
import sys
from pathlib import Path

_NO_NEW_PRIVILEGES, _NO_WRITABLE_CODE = 38, 65  # linux/prctl.h
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM  # seccomp.h


def calls(group: str) -> set[str]:
    """The system calls of one of systemd's groups."""
    told = subprocess.run(
        ["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True
    )
    found: set[str] = set()
    for line in told.stdout.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            found |= calls(word)
        elif word and not word.startswith("#"):
            found.add(word)
    return found


def allowed(unit: str) -> set[str]:
    """What the lines SystemCallFilter= of a unit allow together."""
    found = calls("@default")
    for taken, groups in re.findall(r"^SystemCallFilter=(~?)(.*)$", unit, re.MULTILINE):
        for group in groups.split():
            found = found - calls(group) if taken else found | calls(group)
    return found | calls("@default")


def main() -> None:
    """Restricts itself and becomes the program."""
    unit, *command = sys.argv[1:]
    names = allowed(Path(unit).read_text("utf-8"))
    libc = ctypes.CDLL(None, use_errno=True)
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(_REFUSE)))
    for name in sorted(names):
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            seccomp.seccomp_rule_add(context, ctypes.c_uint32(_ALLOW), number, 0)
    assert libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    if libc.prctl(_NO_WRITABLE_CODE, 1, 0, 0, 0):
        print("this kernel has no PR_SET_MDWE", file=sys.stderr)
    assert seccomp.seccomp_load(context) == 0
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
