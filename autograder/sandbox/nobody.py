"""A user of its own for every child of a grader that runs as root: no child can signal another, nor the zygote."""

from __future__ import annotations

import ctypes
import os
import stat
from pathlib import Path

import numpy as np

# Named after the process id: no two live children ever share a user.
_FIRST_USER = 0x4000_0000
_FIRST_USER_IN_CONTAINER, _USERS_IN_CONTAINER = 20_000, 40_000

_PR_SET_KEEPCAPS = 8
_CAP_DAC_READ_SEARCH = 1 << 2
_CAPABILITY_VERSION = 0x2008_0522
_libc = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Data(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def become_nobody(*, may_search: bool) -> None:
    """Give up root. Raises OSError.

    may_search: keep the one right to read what is closed to others. It is for a Python that lies in a closed home,
    and reaches no further than the files that Landlock (or seccomp, where there is no Landlock) leaves.
    """
    if may_search:
        _libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    user = _FIRST_USER + os.getpid()
    try:
        os.setresgid(user, user, user)
    except OSError:  # a container with a short table of users
        user = _FIRST_USER_IN_CONTAINER + os.getpid() % _USERS_IN_CONTAINER
        os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _keep_only(_CAP_DAC_READ_SEARCH if may_search else 0)


def libraries_are_closed() -> bool:
    """Whether Python's own libraries lie where other users may not look, such as below /root."""
    return any(_closed(Path(module.__file__)) for module in (os, np))


def _closed(file: Path) -> bool:
    if not file.stat().st_mode & stat.S_IROTH:
        return True
    return not all(folder.stat().st_mode & stat.S_IXOTH for folder in file.parents)


def _keep_only(capabilities: int) -> None:
    data = (_Data * 2)(_Data(capabilities, capabilities, 0))
    if _libc.capset(ctypes.byref(_Header(_CAPABILITY_VERSION, 0)), data):
        code = ctypes.get_errno()
        raise OSError(code, f"capabilities: {os.strerror(code)}")
