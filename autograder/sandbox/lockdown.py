"""What a child does to itself before it runs a line of a student's code. None of it can be undone from inside.

Everything slow is prepared once in the zygote; a child only applies it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import site
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import landlock, seccomp
from autograder.sandbox.layers import LAYERS
from autograder.sandbox.nobody import become_nobody, libraries_are_closed

CONTROL = 3  # the descriptor of the zygote's socket; in a child, that of its results

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SIGKILL = 9
ORPHANED = 72
# Never readable, wherever they are installed: the course's own packages.
_OURS = ("autograder", "solutions", "activations_proved")

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Lockdown:
    """The prepared layers. ruleset: Landlock's descriptor; filter: seccomp's program; None where it is missing.

    missing: why, by the name of the layer. may_search: see `become_nobody`.
    """

    memory: int
    cpu_seconds: int
    ruleset: int | None
    filter: bytes | None
    missing: dict[str, str]
    may_search: bool

    def apply(self, layers: Sequence[str] = LAYERS) -> None:
        """Put on these layers, from the outside in: each needs rights that a later one takes away."""
        if "rlimits" in layers:
            limit_resources(self.memory, self.cpu_seconds)
        if "user" in layers and os.geteuid() == 0:
            become_nobody(may_search=self.may_search)
        # After the change of user, which clears both: die with the zygote, and be no other process's to inspect.
        _libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        if "no_new_privs" in layers:
            no_new_privileges()
        if "landlock" in layers and self.ruleset is not None:
            landlock.restrict(self.ruleset)
        if "seccomp" in layers and self.filter is not None:
            seccomp.install(self.filter)


def prepare(memory: int, cpu_seconds: int, without: Sequence[str] = ()) -> Lockdown:
    """Compile the rules. A layer that this system does not have is left out, and named in `missing`.

    without: layers to do without even where they can be had, to try what then holds in their place.
    """
    missing, ruleset, program = {}, None, None
    try:
        if "landlock" in without:
            raise OSError("left out on request")
        ruleset = landlock.ruleset(readable_paths(), writable=[Path("/dev/null")])
    except OSError as error:
        missing["landlock"] = str(error)
    try:
        if "seccomp" in without:
            raise OSError("left out on request")
        program = seccomp.compile_filter(may_open_files=ruleset is not None)
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        missing["seccomp"] = str(error)
    return Lockdown(memory, cpu_seconds, ruleset, program, missing, libraries_are_closed())


def enter(lockdown: Lockdown, settings: dict, results: int, layers: Sequence[str]) -> None:
    """Leave behind all that the zygote shares, then lock down. Descriptors: 0 to 2 /dev/null, 3 the results."""
    os.setsid()  # a group of its own for killpg, and no terminal
    null = os.open("/dev/null", os.O_RDWR)  # opened anew: offsets and flags of an inherited one would be shared
    for standard in range(3):
        os.dup2(null, standard)
    os.dup2(results, CONTROL, inheritable=False)  # the socket to the parent is gone from here on
    keep = lockdown.ruleset or CONTROL
    os.closerange(CONTROL + 1, keep)
    os.closerange(keep + 1, os.sysconf("SC_OPEN_MAX"))
    os.chdir(settings["folder"])
    os.umask(0o077)
    lockdown.apply(layers)
    os.closerange(CONTROL + 1, keep + 1)
    if os.getppid() != settings["zygote"]:  # it died before it could be asked to take its children along
        os._exit(ORPHANED)


def limit_resources(memory: int, cpu_seconds: int) -> None:
    """memory: bytes beyond what the zygote holds already, so that the limit means the student's own use."""
    limits = {
        resource.RLIMIT_AS: _address_space() + memory,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_MEMLOCK: 0,
    }
    if hasattr(resource, "RLIMIT_MSGQUEUE"):
        limits[resource.RLIMIT_MSGQUEUE] = 0
    for which, wanted in limits.items():
        hard = resource.getrlimit(which)[1]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(which, (limit, limit))


def no_new_privileges() -> None:
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        code = ctypes.get_errno()
        raise OSError(code, f"no_new_privs: {os.strerror(code)}")


def readable_paths() -> Iterator[Path]:
    """What Python and its libraries need to read to be imported: no home, no project, no /proc, no /etc but crumbs."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for prefix in {sys.prefix, sys.base_prefix}:
        for library in ("lib", "lib64"):
            yield from _without_courses(Path(prefix, library, version))
    for folder in {*site.getsitepackages(), site.getusersitepackages()}:
        yield from _without_courses(Path(folder))
    for folder in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"):
        yield from _without_courses(Path(folder))
    yield from map(Path, ("/usr/share/zoneinfo", "/usr/share/fonts", "/etc/ld.so.cache", "/etc/localtime"))
    yield from map(Path, ("/dev/urandom", "/dev/random", "/dev/zero"))


def _without_courses(folder: Path) -> Iterator[Path]:
    """What lies in a folder of libraries, but not the Pythons in it (they have folders of their own), nor us."""
    try:
        entries = list(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        name = entry.name
        if name in ("site-packages", "dist-packages") or name.startswith((*_OURS, "__editable__")):
            continue
        if name.startswith("python") and entry.is_dir():
            continue
        yield entry


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
