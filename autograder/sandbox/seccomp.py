"""The system calls a student's process may make: a short list, and everything else is refused.

libseccomp compiles the list to a filter program once, in the zygote; each child loads the finished program.
"""

from __future__ import annotations

import ctypes
import errno
import os

# A table of names is easier to check against a manual than a hundred quoted lines.
_ALLOWED = """
    read write readv writev pread64 pwrite64 preadv pwritev lseek close close_range dup dup2 dup3 pipe pipe2
    fstat stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents getdents64
    getcwd chdir fchdir statfs fstatfs ftruncate fadvise64 umask
    mmap mprotect munmap mremap brk madvise membarrier
    rt_sigaction rt_sigprocmask rt_sigreturn sigreturn sigaltstack rt_sigpending rt_sigtimedwait pause
    alarm setitimer getitimer
    getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getpgid getsid
    uname sysinfo getrlimit getrusage times getpriority getcpu sched_yield sched_getaffinity
    sched_getparam sched_getscheduler
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time
    futex futex_waitv set_robust_list get_robust_list rseq arch_prctl set_tid_address restart_syscall
    poll ppoll select pselect6 getrandom exit exit_group
""".split()  # noqa: SIM905
_OPENING = ("open", "openat")
# glibc asks for these first and falls back to calls that the filter can look into.
_UNKNOWN = ("clone3", "openat2", "io_uring_setup", "io_uring_enter", "io_uring_register")
# What Python and glibc do with descriptors; not F_SETOWN and F_SETSIG, which send signals without kill().
_F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_DUPFD_CLOEXEC = 0, 1, 2, 3, 1030
_FCNTL = (_F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_DUPFD_CLOEXEC)
_TCGETS, _TIOCGWINSZ, _FIONREAD, _FIOCLEX, _FIONCLEX = 0x5401, 0x5413, 0x541B, 0x5451, 0x5450
_IOCTL = (_TCGETS, _TIOCGWINSZ, _FIONREAD, _FIOCLEX, _FIONCLEX)

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def compile_filter(*, may_open_files: bool) -> bytes:
    """The filter as BPF instructions. Raises ImportError or OSError where libseccomp is missing.

    may_open_files: False where Landlock cannot say which; then nothing more can be imported either.
    A call from another architecture's table (int 0x80, x32) kills the process: libseccomp's default.
    """
    import pyseccomp as seccomp  # absent on macOS and Windows

    rules = seccomp.SyscallFilter(defaction=seccomp.ERRNO(errno.EPERM))

    def add(action: int, name: str, *conditions: seccomp.Arg) -> None:
        # A name that this architecture or this libseccomp does not know needs no rule.
        if seccomp.resolve_syscall(seccomp.Arch.NATIVE, name) >= 0:
            rules.add_rule(action, name, *conditions)

    for name in _ALLOWED:
        add(seccomp.ALLOW, name)
    for name in _OPENING:
        add(seccomp.ALLOW if may_open_files else seccomp.ERRNO(errno.EACCES), name)
    for name in _UNKNOWN:
        add(seccomp.ERRNO(errno.ENOSYS), name)
    for command in _FCNTL:
        add(seccomp.ALLOW, "fcntl", seccomp.Arg(1, seccomp.EQ, command))
    for request in _IOCTL:
        add(seccomp.ALLOW, "ioctl", seccomp.Arg(1, seccomp.EQ, request))
    # Reading one's own limits, never setting them and never anyone else's.
    add(seccomp.ALLOW, "prlimit64", seccomp.Arg(0, seccomp.EQ, 0), seccomp.Arg(2, seccomp.EQ, 0))
    with open(os.memfd_create("filter"), "w+b") as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def install(program: bytes) -> None:
    """Put the filter on this process, for good. Needs no_new_privs. Raises OSError."""
    filter_ = _Program(len(program) // 8, program)
    if _libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filter_), 0, 0):
        code = ctypes.get_errno()
        raise OSError(code, f"seccomp: {os.strerror(code)}")
