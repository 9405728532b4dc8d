"""Landlock: a process gives up, for good, every file but the ones it names (Linux 5.13 and later).

The kernel's interface is three system calls, whose numbers are the same on every architecture:
https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
# The last right over files that each version of the interface knows, as a bit: refer, truncate, ioctl on devices.
_LAST_FILE_BIT = {1: 12, 2: 13, 3: 14, 4: 14}
_NEWEST_FILE_BIT = 15
_NET_BIND_AND_CONNECT = 0b11  # version 4
_SCOPE_SOCKETS_AND_SIGNALS = 0b11  # version 6

_libc = ctypes.CDLL(None, use_errno=True)


class _RulesetAttr(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """The version of Landlock's interface in the running kernel; 0 where there is none."""
    return max(0, _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG)))


def ruleset(readable: Iterable[Path], writable: Iterable[Path] = ()) -> int:
    """A descriptor for rules that leave only these paths, with what is beneath them. Raises OSError.

    Made once; every child that inherits it puts it on itself with `restrict`. Paths that do not exist are skipped.
    """
    known = version()
    files = (1 << (_LAST_FILE_BIT.get(known, _NEWEST_FILE_BIT) + 1)) - 1
    attr = _RulesetAttr(files, _NET_BIND_AND_CONNECT, _SCOPE_SOCKETS_AND_SIGNALS)
    size = 8 if known < 4 else 16 if known < 6 else 24
    rules = _checked(_libc.syscall(_CREATE_RULESET, ctypes.byref(attr), ctypes.c_size_t(size), 0))
    for path in readable:
        _allow(rules, path, _READ_FILE, _READ_DIR)
    for path in writable:
        _allow(rules, path, _READ_FILE | _WRITE_FILE, _READ_DIR)
    return rules


def restrict(rules: int) -> None:
    """Give up all else, in this process and all it will ever start. Needs no_new_privs. Raises OSError."""
    _checked(_libc.syscall(_RESTRICT_SELF, rules, ctypes.c_uint32(0)))


def _allow(rules: int, path: Path, rights: int, rights_of_folders: int) -> None:
    try:
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if stat.S_ISDIR(os.fstat(target).st_mode):
            rights |= rights_of_folders
        attr = _PathBeneathAttr(rights, target)
        _checked(_libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(attr), ctypes.c_uint32(0)))
    finally:
        os.close(target)


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock: {os.strerror(code)}")
    return result
