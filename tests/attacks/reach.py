"""Attacks on the machine, on the grader and on other students' work, each with the layers that stop it alone."""

from __future__ import annotations

from tests.attacks.attack import Reach

CLOSED = r"PermissionError: \[Errno 13\]"  # Landlock's answer, and that of the file system to a nobody
FORBIDDEN = r"\[Errno 1\] "  # seccomp's
UNKNOWN = r"\[Errno 38\]"
NO_THREAD = "RuntimeError: can't start new thread"
LANDLOCK, SECCOMP, RLIMITS = ("landlock",), ("seccomp",), ("rlimits",)


def reading(name: str, body: str) -> Reach:
    return Reach(name, body, LANDLOCK, CLOSED)


def changing(name: str, body: str) -> Reach:
    """What Landlock would refuse too, if seccomp were not asked first."""
    return Reach(name, body, ("landlock", "seccomp"), FORBIDDEN)


def calling(name: str, body: str, refusal: str = FORBIDDEN, **more) -> Reach:
    return Reach(name, body, SECCOMP, refusal, **more)


FILES = (
    reading("read the solutions", "return open(SOLUTION).read()"),
    reading("list the solutions", "return os.listdir(os.path.dirname(SOLUTION))"),
    Reach(
        "import the solutions",
        "sys.path.insert(0, ROOT); import solutions; return os.listdir(solutions.__path__[0])",
        LANDLOCK,
        "PermissionError|ModuleNotFoundError|AttributeError",
    ),
    reading("read the grader", "return open(ROOT + '/autograder/registry.py').read()"),
    reading("read the tests", "return open(ROOT + '/tests/conftest.py').read()"),
    reading("read another submission", "return open(VICTIM).read()"),
    changing("delete another submission", "os.unlink(VICTIM); return True"),
    reading("overwrite another submission", "open(VICTIM, 'w').write('mine'); return True"),
    changing("cut another submission short", "os.truncate(VICTIM, 0); return True"),
    changing("rename another submission", "os.rename(VICTIM, VICTIM + '.mine'); return True"),
    reading("leave a file in an open folder", "open(VICTIM + '.more', 'w').write('x' * 10); return True"),
    changing("leave a link in an open folder", "os.symlink(SOLUTION, VICTIM + '.link'); return True"),
    changing("make a folder", "os.mkdir(VICTIM + '.folder'); return True"),
    reading("read the list of users", "return open('/etc/passwd').read()"),
    reading("read the parent's memory map", "return open(f'/proc/{os.getppid()}/maps').read() or True"),
    reading("read the parent's environment", "return open(f'/proc/{os.getppid()}/environ').read() or True"),
    reading("read its own memory as a file", "return open('/proc/self/mem', 'rb').fileno() > 0"),
    reading("find other processes", "return [p for p in os.listdir('/proc') if p.isdigit()]"),
    reading("open the terminal", "return os.open('/dev/ptmx', os.O_RDWR) > 0"),
)
CALLS = (
    calling("open a TCP socket", "import socket; return socket.socket()"),
    calling("open a UDP socket", "import socket; return socket.socket(type=socket.SOCK_DGRAM)"),
    calling("open a unix socket", "import socket; return socket.socket(socket.AF_UNIX)"),
    calling("open a netlink socket", "import socket; return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"),
    calling("open a vsock socket", "import socket; return socket.socket(socket.AF_VSOCK)"),
    calling("open a socket to the kernel's ciphers", "import socket; return socket.socket(38, socket.SOCK_SEQPACKET)"),
    calling("make a pair of sockets", "import socket; return socket.socketpair()"),
    Reach("fork", "pid = os.fork()\n    if not pid: time.sleep(5); os._exit(0)\n    return pid", SECCOMP, FORBIDDEN),
    calling("fork two dozen times", "return [os.fork() or (time.sleep(5), os._exit(0)) for _ in range(24)]"),
    calling(
        "leave a child that outlives the group",
        "if not os.fork():\n        os.setsid()\n        "
        "if not os.fork(): time.sleep(5)\n        os._exit(0)\n    return True",
    ),
    calling("start a program", "import subprocess; return subprocess.run(['/bin/true']).returncode == 0"),
    calling(
        "become another program", "try: os.execv('/no-such-program', ['x'])\n    except FileNotFoundError: return True"
    ),
    calling(
        "start a thread",
        "import threading\n    threading.Thread(target=print).start(); return True",
        NO_THREAD,
    ),
    calling(
        "leave a thread running",
        "import threading\n    threading.Thread(target=time.sleep, args=(5,), daemon=True).start(); return True",
        NO_THREAD,
    ),
    calling("leave the group that is killed", "os.setpgid(0, 0); return True", bare="the leader of a session cannot"),
    calling("keep memory out of sight", "return os.memfd_create('x') >= 0"),
    calling("System V shared memory", "return syscall('shmget', 0, 4096, 0o1600)"),
    calling("a System V semaphore", "return syscall('semget', 0, 1, 0o1600)"),
    calling("a System V queue of messages", "return syscall('msgget', 0, 0o1600)"),
    calling(
        "a POSIX queue of messages",
        "name = b'attack%d' % os.getpid()\n    return syscall('mq_open', name, 0o102, 0o600, 0) and syscall('mq_unlink', name)",
    ),
    calling("keep a secret in a keyring", "return syscall('add_key', b'user', b'x', b'x', 1, -1)"),
    calling("io_uring", "return syscall('io_uring_setup', 1, bytes(120))", UNKNOWN),
    calling("clone3", "return known('clone3', 0, 0)", UNKNOWN),
    calling("openat2", "return known('openat2', -100, 0, 0, 0)", UNKNOWN),
    calling(
        "a handle of a file in place of its name",
        "return syscall('name_to_handle_at', -100, b'/', (ctypes.c_int * 34)(128), (ctypes.c_int * 1)(), 0)",
    ),
    calling("eBPF", "return known('bpf', 0, 0, 0)"),
    calling("watch the processor's counters", "return known('perf_event_open', 0, 0, -1, -1, 0)"),
    calling("handle its own page faults", "return syscall('userfaultfd', 1)"),
    calling("pidfd of the parent", "return syscall('pidfd_open', os.getppid(), 0)"),
    calling("trace the parent", "return known('ptrace', 0x4206, os.getppid(), 0, 0)"),
    calling("inspect another process", "return syscall('process_vm_readv', os.getppid(), 0, 0, 0, 0, 0)"),
    calling("name the parent's descriptors", "return syscall('kcmp', os.getpid(), os.getpid(), 0, 0, 0)"),
    calling(
        "signals through a descriptor",
        "import fcntl\n    r, w = os.pipe()\n    fcntl.fcntl(r, 8, os.getppid()); return True",
    ),
    calling(
        "a signal for every byte", "import fcntl\n    r, w = os.pipe()\n    fcntl.fcntl(r, 4, 0o20000); return True"
    ),
    calling("a timer of its own", "return syscall('timer_create', 1, 0, (ctypes.c_int * 1)())"),
    calling("signal itself", "os.kill(os.getpid(), 0); return True"),
    calling(
        "stop itself",
        "import signal; os.kill(os.getpid(), signal.SIGSTOP); return True",
        bare="a stopped process cannot tell; its deadline ends it",
    ),
    calling("change rights of a file", "os.chmod(VICTIM, 0o777); return True", for_root=True),
    calling("change the owner of a file", "os.chown(VICTIM, os.getuid(), -1); return True", for_root=True),
    calling("change the time of a file", "os.utime(VICTIM); return True"),
    calling(
        "write attributes to a file",
        "os.setxattr(VICTIM, 'user.x', b'1'); os.removexattr(VICTIM, 'user.x'); return True",
    ),
    calling("watch a folder", "return syscall('inotify_init1', 0)"),
    calling("watch a file system", "return syscall('fanotify_init', 0x200, 0)"),
    calling("a namespace of its own", "return syscall('unshare', 0x10000000)"),
    calling(
        "mount something",
        "return syscall('mount', b'x', b'/none', b'tmpfs', 0, 0)",
        bare="only root may, and there is no such folder",
    ),
    calling("change root", "os.chroot('/'); return True", for_root=True),
    calling(
        "raise its own limits",
        "import resource as r; r.setrlimit(r.RLIMIT_CORE, (0, 0)); return True",
        "not allowed|Errno 1|ValueError",
    ),
    calling(
        "limit its parent", "return syscall('prlimit64', os.getppid(), 7, 0, (ctypes.c_long * 2)())", for_root=True
    ),
    calling("lock memory", "return syscall('mlock', bytes(4096), 4096)"),
    calling("be nicer or less nice", "os.nice(1); return True"),
    calling("choose its processor", "os.sched_setaffinity(0, os.sched_getaffinity(0)); return True"),
    calling("survive the zygote", "return syscall('prctl', 1, 0, 0, 0, 0)"),
    calling("be open to inspection again", "return syscall('prctl', 4, 1, 0, 0, 0)"),
    calling("make code appear out of another's memory", "return syscall('memfd_secret', 0)"),
    calling("change how memory is laid out", "return syscall('personality', 0x0040000) "),
)
LIMITS = (
    Reach("a gigabyte of memory", "import numpy as np; return len(np.empty(10**9, np.uint8))", RLIMITS, "memory"),
    Reach("a gigabyte of shared memory", "import mmap; return mmap.mmap(-1, 10**9)", RLIMITS, r"\[Errno 12\]|memory"),
    Reach(
        "a file of 200 MB",
        "import signal\n    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "    with open('/tmp/large', 'wb') as f: os.remove(f.name); f.truncate(200 * 10**6); return True",
        RLIMITS,
        r"\[Errno 13\]|\[Errno 27\]",
    ),
    Reach(
        "thousands of descriptors", "return [os.open('/dev/null', 0) for _ in range(1000)]", RLIMITS, r"\[Errno 24\]"
    ),
)
USERS = (
    Reach("signal the parent", "os.kill(os.getppid(), 0); return True", ("user", "seccomp"), FORBIDDEN, for_root=True),
    Reach("be root", "os.setuid(0); return True", ("user", "seccomp"), FORBIDDEN, for_root=True),
)
REACHES = (*FILES, *CALLS, *LIMITS, *USERS)
