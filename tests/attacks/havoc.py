"""Attacks on the process that runs the code, and on the patience and the memory of whoever waits for it.

All are bounded: one that gets through must not hurt the machine.
"""

from __future__ import annotations

from tests.attacks.attack import Havoc

ANY = ""  # fate: it does not matter, as long as the neighbours are well
RETURNS = "returns"  # in a child that wears no layer
HANGS = "hangs"
DEADLINE, PROCESS = "the deadline and SIGKILL from outside", "a process of its own"
LATE, ENDED, LARGE = "did not finish within", "ended", "."


def hang(name: str, body: str) -> Havoc:
    return Havoc(name, (f"def f():\n    {body}",), "timeout", LATE, DEADLINE, HANGS, brief=True)


def crash(name: str, body: str, said: str, status: int, by: str = PROCESS) -> Havoc:
    return Havoc(name, (f"def f():\n    {body}",), "killed", said, by, status)


def bomb(name: str, body: str, said: str = "memory") -> Havoc:
    return Havoc(name, (f"def f():\n    {body}",), "memory", said, "rlimits", RETURNS)


def monster(name: str, body: str, said: str = "larger than|holds (more|an integer)|nested|endless") -> Havoc:
    return Havoc(name, (f"def f():\n    {body}",), "invalid_output", said, "a limit on results, in the child", 0)


FORGE = """
import os, struct, sys
worker = sys.modules.get('autograder.sandbox.worker')
def forge(*frames):
    for descriptor in range(3, 256):
        try:
            for frame in frames:
                view = memoryview(frame)
                while view: view = view[os.write(descriptor, view):]
        except OSError: pass
def frame(header, body=b''):
    return struct.pack('>II', len(header), len(body)) + header + body
REST = b'null,{"tuple":[]},{"tuple":[]},null,""'
DONE = b'{"tuple":["done",1]}'
def answer(value, rest=REST, body=b''):
    return frame(b'{"Observation":[%s,%s]}' % (value, rest), body)
def npy(description, content):
    text = description.encode() + b'\\n'
    data = b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', len(text)) + text + content
    return answer(b'{"array":%d}' % len(data), body=data)
"""


FORGERS_HARM = "there is no parent to lie to"


def forged(name: str, frames: str, said: str = "cannot be read") -> Havoc:
    cells = (FORGE, f"def f():\n    forge({frames})")
    return Havoc(name, cells, "invalid_output", said, "strict frames, checked by the parent", FORGERS_HARM)


def meddling(name: str, body: str, brief: bool = False) -> Havoc:
    cells = (f"def f():\n    {body}\n    return 1",)
    return Havoc(name, cells, ANY, "", "a fresh child after meddling", "harms only the process it is in", brief)


HANGS_AND_SLEEPS = (
    hang("endless loop", "while True: pass"),
    hang("sleep", "import time; time.sleep(1e6)"),
    hang(
        "loop that swallows every exception",
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
    ),
    hang(
        "loop with signals blocked",
        "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n    while True: pass",
    ),
    hang(
        "loop that ignores every signal",
        "import signal\n    for n in range(1, 65):\n"
        "        try: signal.signal(n, signal.SIG_IGN)\n        except (OSError, ValueError): pass\n    while True: pass",
    ),
    hang("loop inside C", "import re; re.match('(a*)*b', 'a' * 60)"),
    hang("one step that never ends", "10 ** 10 ** 9"),
    hang("waiting for input that never comes", "import os; r, w = os.pipe(); os.read(r, 1)"),
    hang("a lock taken twice", "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()"),
    hang(
        "a destructor that never ends",
        "class Slow:\n        def __del__(self):\n            while True: pass\n    Slow()",
    ),
    Havoc(
        "a little too slow in every call",
        ("import time\ndef f(): time.sleep(0.5)",),
        None,
        "",
        DEADLINE,
        "it comes back",
        brief=True,
    ),
)
CRASHES = (
    crash("os._exit", "import os; os._exit(0)", "ended itself", 0),
    crash("segmentation fault", "import ctypes; ctypes.string_at(0)", "SIGSEGV", -11),
    crash(
        "overflow of the C stack",
        "g = iter((1,))\n    for _ in range(300_000): g = map(abs, g)\n    return next(g)",  # Python 3.12 counts other ways down
        "SIGSEGV",
        -11,
    ),
    crash("abort", "import os; os.abort()", "crashed", -6),
    crash("closing every descriptor", "import os; os.closerange(0, 1000); os.read(0, 1)", ENDED, 120),
    crash(
        "an alarm clock",
        "import signal, time; signal.setitimer(signal.ITIMER_REAL, 0.05); time.sleep(20)",
        "SIGALRM",
        -14,
    ),
    Havoc("SIGKILL to itself", ("import os\ndef f(): os.kill(os.getpid(), 9)",), None, r"\[Errno 1\]", "seccomp", -9),
    Havoc("SIGKILL to its whole group", ("import os\ndef f(): os.killpg(0, 9)",), None, r"\[Errno 1\]", "seccomp", -9),
)
EXCEPTIONS = tuple(
    Havoc(
        name,
        (f"class Mute(BaseException):\n    def __str__(self): raise SystemExit\ndef f():\n    {body}",),
        None,
        said,
        "every exception is only a failure",
        status,
    )
    for name, body, said, status in (
        ("sys.exit", "import sys; sys.exit(3)", "SystemExit", 3),
        ("KeyboardInterrupt", "raise KeyboardInterrupt", "KeyboardInterrupt", -2),
        ("an exception that cannot speak", "raise Mute", "Mute", 1),
        (
            "an exception named like a fate",
            "raise type('timeout', (BaseException,), {})('killed')",
            "timeout: killed",
            1,
        ),
        (
            "an exception with a name in another script",
            "raise type('\\u202eשגיאה', (BaseException,), {})('\\x00<b>')",
            "\u202eשגיאה",
            1,
        ),
        ("endless recursion", "f()", "RecursionError", 1),
    )
)
BOMBS = (
    bomb("memory, a little at a time", "hoard = [bytearray(10**7) for _ in range(35)]\n    return len(hoard)"),
    bomb("memory in one piece", "import numpy as np; return len(np.ones(4 * 10**7))"),
    bomb("a string from nothing", "return len('x' * 35 * 10**7)"),
    bomb(
        "unpacking a bomb",
        "import bz2; return len(bz2.decompress(35 * bz2.compress(bytes(10**7))))",
    ),
)
MONSTERS = (
    monster("a long text", "return 'x' * 10**7"),
    monster("a large array", "import numpy as np; return np.ones(10**7)"),
    monster("a view that pretends to be large", "import numpy as np; return np.broadcast_to(1.0, (10**12,))"),
    monster("an array of nothing with endless sides", "import numpy as np; return np.empty((2**40, 0))"),
    monster("a long list", "return [0] * 10**6"),
    monster("a list of itself", "me = []\n    me.append(me)\n    return me"),
    monster("a list that doubles at every level", "me = []\n    for _ in range(30): me = [me, me]\n    return me"),
    monster("a deep list", "me = []\n    for _ in range(1000): me = [me]\n    return me"),
    monster("an integer of thirty thousand digits", "return 1 << 10**5"),
    monster(
        "an expression that doubles at every level",
        "import sympy\n    x = sympy.Symbol('x')\n    for n in range(40): x = sympy.Add(x, sympy.Mul(x, x), evaluate=False)\n"
        "    return x",
        ".",
    ),
)
FORGERIES = (
    forged("noise on every descriptor", "b'no frame at all, just noise'"),
    forged("another message", "frame(b'null')"),
    forged("a length beyond all bounds", "struct.pack('>II', 0xFFFFFFFF, 0xFFFFFFFF)"),
    Havoc(
        "one result too many",
        (FORGE, "def f():\n    forge(answer(b'1'))"),
        None,
        "returned 1",
        "a mark behind every exercise",
        FORGERS_HARM,
    ),
    Havoc(
        "every result of the exercise, and the mark behind them",
        (FORGE, "def f():\n    forge(answer(b'1'), answer(b'1'), frame(DONE))"),
        None,
        "returned 1",
        "a mark behind every exercise; what is forged is judged like any answer",
        FORGERS_HARM,
    ),
    forged("a header of unknown types", 'answer(b\'{"eval":["1"]}\')'),
    forged("brackets without end", "frame(b'[' * 10**6)"),
    forged("numbers without end", "answer(b'9' * 10**6)"),
    forged("a list of millions of empty lists", "answer(b'[' + b','.join([b'[]'] * 2 * 10**6) + b']')"),
    forged(
        "an expression without end",
        "answer(b'{\"Tree\":' + b'[\"exp\",' * 10**4 + b'[\"symbol\",\"x\"]' + b']' * 10**4 + b'}')",
    ),
    forged("an expression with a huge number", 'answer(b\'{"Tree":["number","0x\' + b\'f\' * 10**5 + b\'","0x1"]}\')'),
    forged(
        "a failure whose message fills a page",
        'answer(b\'null\', b\'{"Failure":["a","%s",1]},{"tuple":[]},{"tuple":[]},null,""\' % (b\'x\' * 10**6))',
    ),
    forged(
        "a failure whose message is no text",
        'answer(b\'null\', b\'{"Failure":["a",[],1]},{"tuple":[]},{"tuple":[]},null,""\')',
    ),
    forged(
        "a fate that is the parent's to tell",
        'answer(b\'null\', b\'null,{"tuple":[]},{"tuple":[]},"timeout",""\')',
    ),
    forged("an .npy header that lies", "npy(\"{'descr': '<f8', 'fortran_order': False, 'shape': (9,)}\", bytes(8))"),
    forged("an .npy header of objects", "npy(\"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\", bytes(8))"),
    forged("an .npy header that is code", "npy(\"__import__('os').abort()\", bytes(8))"),
    forged(
        "an .npy header of nine kilobytes",
        "npy(\"{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}\" + ' ' * 9000, bytes(8))",
    ),
    forged("a million tiny frames", '*[frame(b\'{"tuple":["at",0,0,1]}\')] * 10**6'),
)
MEDDLERS = (
    meddling("replace one function of numpy", "import numpy; numpy.exp = lambda x: 0 * x"),
    meddling("replace one builtin", "import builtins; builtins.sum = lambda *a: 1"),
    meddling("break json", "import json; json.dumps = None; json.loads = None"),
    meddling(
        "break numpy",
        "import numpy\n    for name in ('ndarray', 'array', 'exp', 'arange', 'add', 'errstate'): "
        "setattr(numpy, name, None)",
    ),
    meddling(
        "break builtins",
        "import builtins; builtins.isinstance = lambda *a: True; builtins.len = None; builtins.sum = None",
    ),
    meddling("clear the modules", "import sys; sys.modules.clear()"),
    meddling("break os", "import os; os.write = None; os._exit = None"),
    meddling(
        "break the worker",
        "import sys; w = sys.modules['autograder.sandbox.worker']\n    w.observe = None; w.pack = None",
    ),
    meddling(
        "break a class of the worker",
        "import sys\n    m = sys.modules['autograder.sandbox.freezing']\n"
        "    m._Freezer.freeze = lambda self, value, depth: 7",
    ),
    meddling(
        "clear the worker's names",
        "import gc; [o.clear() for o in gc.get_objects() if type(o) is dict and 'observe' in o]",
    ),
    meddling("leave a trace behind", "import sys, time; sys.settrace(lambda *a: time.sleep(9))", brief=True),
    meddling("leave a timer behind", "import signal; signal.setitimer(signal.ITIMER_REAL, 0.001)"),
    meddling(
        "lower the limit of recursion", "import sys; sys.setrecursionlimit(sys._getframe().f_code.co_stacksize + 60)"
    ),
    meddling("something to do at exit", "import atexit, os; atexit.register(os.write, 3, b'forged')"),
    meddling("a fault handler on the way back", "import faulthandler; faulthandler.enable(3)"),
)
WHILE_LOADING = tuple(
    Havoc(
        f"{name}, at the top level",
        (f"def f():\n    return later()\n{statement}\n", "def later():\n    return 7"),
        None,
        "7",
        by,
        bare,
        brief=True,
    )
    for name, statement, by, bare in (
        ("endless loop", "while True: pass", DEADLINE, HANGS),
        ("os._exit", "import os; os._exit(4)", PROCESS, 4),
        ("segmentation fault", "import ctypes; ctypes.string_at(0)", PROCESS, -11),
        ("memory", "hoard = [bytearray(10**7) for _ in range(35)]", "rlimits", 0),
    )
)
HAVOCS = (*HANGS_AND_SLEEPS, *WHILE_LOADING, *CRASHES, *EXCEPTIONS, *BOMBS, *MONSTERS, *FORGERIES, *MEDDLERS)
