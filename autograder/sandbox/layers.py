"""The names of what holds a student's code, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass

LAYERS = ("rlimits", "user", "no_new_privs", "landlock", "seccomp")  # put on by a child, in this order
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
# All that a student's process finds in its environment. The thread counts stay: an import of SciPy dies without.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", **dict.fromkeys(THREADS, "1")}
# What each is there for, in a few words for the teacher.
MEANING = {
    "rlimits": "limits on memory, processor time and files",
    "user": "another user than the grader's, where that is root",
    "no_new_privs": "no way to more rights",
    "landlock": "which files can be opened",
    "seccomp": "which system calls can be made",
    "environment": "no secrets of the teacher's",
    "folder": "nothing of other students'",
    "descriptors": "nothing of the grader's left open",
}
OUT_OF_MEMORY = 71  # exit status of a child while loading; only ever a hint for the parent's message


@dataclass(frozen=True)
class Layer:
    """One layer of the isolation. why: what was tried and what came of it; remedy: how to get it where it fails.

    wearable: whether a child can put it on at all; one that cannot be put on would end whoever tries.
    """

    name: str
    holds: bool
    why: str
    remedy: str = ""
    wearable: bool = True
