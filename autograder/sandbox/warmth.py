"""What the zygote imports before it forks: whatever a program speaks of, and nothing else.

Every page that the zygote holds is paid for again with each fork, and most programs need NumPy alone. So the zygote
starts small; the parent tells it which words of a program (of this list, nothing of the student's own) call for more,
and it keeps what it has once learned.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
from collections.abc import Callable, Iterable, Sequence

from autograder.calls import Call, Program
from autograder.expressions import from_sympy

# Each is imported for programs that hold every part of its name as a word.
_MODULES = (
    *("cmath", "csv", "datetime", "decimal", "doctest", "glob", "logging", "pathlib", "pprint", "queue", "shutil"),
    *("statistics", "string", "subprocess", "tempfile", "timeit", "typing", "unittest", "urllib.request"),
    *("numpy.testing", "numpy.polynomial", "numpy.fft", "numpy.linalg", "numpy.random"),
    *("scipy.special", "scipy.stats", "scipy.optimize", "scipy.integrate", "sympy.abc", "sympy.stats"),
    *("matplotlib.patches", "matplotlib.ticker", "matplotlib.animation", "mpl_toolkits.mplot3d"),
)
_DRAWING_WORDS = frozenset({"matplotlib", "mpl_toolkits", "pylab", "plt", "seaborn", "pandas"})
_WORD = re.compile(r"\w+")


def needs(program: Program, groups: Iterable[Sequence[Call]] = (), *, symbols: bool = False) -> list[str]:
    """What to warm up for `program` and for these calls. symbols: expressions are among their arguments."""
    words = {word for cell in program.cells for word in _WORD.findall(cell)}
    drawing = not words.isdisjoint(_DRAWING_WORDS) or any(call.canvas for calls in groups for call in calls)
    found = [name for name in _MODULES if words.issuperset(name.split("."))]
    if symbols or "sympy" in words:
        found += ["symbols", *(word for word in _SYMPY_AT_WORK if word in words)]
    return [*found, "matplotlib"] if drawing else found


def everything() -> list[str]:
    return [*_MODULES, *_SYMPY_AT_WORK, "matplotlib"]


class Warmth:
    """What is warm already. fonts: a folder for Matplotlib to keep its list of fonts in."""

    def __init__(self, fonts: str) -> None:
        self._fonts = fonts
        self._warm: set[str] = set()

    def spread(self, wanted: Iterable[str]) -> bool:
        """Warm up what is wanted and still cold. Whether there was any."""
        cold = [name for name in wanted if name not in self._warm]
        for name in cold:
            self._warm.add(name)
            with contextlib.suppress(ImportError):
                if name == "matplotlib":
                    self._draw()
                elif name in _SYMPY_AT_WORK:
                    _SYMPY_AT_WORK[name]()
                else:
                    importlib.import_module(name)
        return bool(cold)

    def _draw(self) -> None:
        os.environ["MPLCONFIGDIR"] = self._fonts
        import matplotlib as mpl

        mpl.use("Agg")
        import matplotlib.pyplot  # noqa: F401 every other notebook uses it
        from matplotlib import font_manager

        from autograder.sandbox.drawing import new_canvas, read_drawing

        font_manager.fontManager  # noqa: B018 reading it loads the list of fonts
        axes = new_canvas()
        axes.plot([0, 1], [0, 1], label="warm")
        axes.legend()
        read_drawing(axes)
        del os.environ["MPLCONFIGDIR"]


def _sympy(work: Callable) -> Callable[[], object]:
    """Something that SymPy does slowly the first time and fast from then on."""

    def do() -> object:
        import sympy

        return work(sympy, sympy.Symbol("x"))

    return do


_SYMPY_AT_WORK: dict[str, Callable[[], object]] = {
    "symbols": _sympy(lambda sp, x: from_sympy(1 + sp.exp(x))),
    "simplify": _sympy(lambda sp, x: sp.simplify(sp.diff(sp.log(1 + sp.exp(x)), x))),
    "diff": _sympy(lambda sp, x: sp.diff(sp.log(1 + sp.exp(x)), x)),
    "Matrix": _sympy(lambda sp, x: sp.Matrix([[x, 1], [1, x]]).det()),
    "integrate": _sympy(lambda sp, x: sp.integrate(x * sp.exp(-x), (x, 0, sp.oo))),
    "limit": _sympy(lambda sp, x: sp.limit(sp.sin(x) / x, x, 0)),
    "solve": _sympy(lambda sp, x: sp.solve(x**2 - 1, x)),
    "lambdify": _sympy(lambda sp, x: sp.lambdify(x, sp.exp(x), "numpy")(0.0)),
}
