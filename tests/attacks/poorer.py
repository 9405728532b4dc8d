"""`python -m tests.attacks.poorer LACKING ... -- ARGUMENTS` runs `autograder ARGUMENTS` on a machine that lacks something.

landlock: a kernel that is too old for it, or was started without it. filters: one that takes no seccomp filter.
pyseccomp, libseccomp, scipy: not installed. kernel: a system that is not Linux. The first two are refused by a seccomp filter
of our own, so that the grader meets what it would meet there.
"""

from __future__ import annotations

import errno
import sys
import tempfile
from pathlib import Path

_LANDLOCK = (444, 445, 446)
_PR_SET_SECCOMP = 22
_ABSENT = {
    "pyseccomp": "raise ModuleNotFoundError('No module named pyseccomp')",
    "libseccomp": "raise RuntimeError('Unable to find libseccomp')",
    "scipy": "raise ModuleNotFoundError('No module named scipy')",
}
_MODULE = {"libseccomp": "pyseccomp"}


def main() -> None:
    divide = sys.argv.index("--")
    lacking, sys.argv[1:] = sys.argv[1:divide], sys.argv[divide + 1 :]
    if {"landlock", "filters"} & set(lacking):
        _refuse(lacking)
    with tempfile.TemporaryDirectory() as folder:
        for name in _ABSENT.keys() & lacking:
            module = _MODULE.get(name, name)
            sys.modules.pop(module, None)
            Path(folder, f"{module}.py").write_text(_ABSENT[name])
            sys.path.insert(0, folder)  # the zygote looks where we do
        from autograder import cli
        from autograder.sandbox import probe, sandbox, zygote_client

        for module in (zygote_client, sandbox, probe) if "kernel" in lacking else ():
            module.unsupported = lambda: "there is no isolation on beos"
        cli.main()


def _refuse(lacking: list[str]) -> None:
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for number in _LANDLOCK if "landlock" in lacking else ():
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), number)
    if "filters" in lacking:
        rules.add_rule(pyseccomp.ERRNO(errno.EINVAL), "prctl", pyseccomp.Arg(0, pyseccomp.EQ, _PR_SET_SECCOMP))
    rules.load()


if __name__ == "__main__":
    main()
