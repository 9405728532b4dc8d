"""What stands around a right answer, and must cost nothing."""

from __future__ import annotations

from tests.fairness.answers import COMPLEMENT, SIGMOID, SLOPE
from tests.fairness.case import Case, wrote


def beside(name: str, did: str, *cells: str, full: tuple[str, ...] = ("sigmoid",)) -> Case:
    """A notebook with a right sigmoid and these cells, some above it and some below."""
    above, below = cells[: len(cells) // 2], cells[len(cells) // 2 :]
    return wrote(name, did, *above, SIGMOID, *below, full=full)


CASES = (
    beside("much output", "prints ten thousand lines", "for i in range(10_000): print(i, sigmoid(i))"),
    beside(
        "stderr",
        "writes to stderr, logs, and warns",
        "import sys, logging, warnings\nlogging.basicConfig(level=0)",
        "print('oh dear', file=sys.stderr)\nlogging.error('%s', 1)\nwarnings.warn('careful')",
    ),
    beside(
        "output redirected",
        "sends the output elsewhere and closes it",
        "import io, sys\nsys.stdout.reconfigure(encoding='utf-8')\nsys.stdout = io.StringIO()",
        "sys.stdout = open('log.txt', 'w')",
        "sys.stdout.buffer.write(b'x')\nsys.stdout.close()\nsys.stderr.close()",
    ),
    beside(
        "strict settings",
        "turns every warning and every underflow into an error",
        "import warnings\nwarnings.simplefilter('error')\nnp.seterr(all='raise')\nnp.set_printoptions(precision=2)",
        "sigmoid(np.array([-800.0]))",
    ),
    beside(
        "another folder",
        "changes folder, environment, search path, and recursion limit",
        "import os, sys\nos.chdir('/')\nos.environ['OMP_NUM_THREADS'] = '64'\nsys.path.insert(0, '..')",
        "sys.setrecursionlimit(10**6)\nos.makedirs('results', exist_ok=True)",
    ),
    beside(
        "magics",
        "uses magics and shell commands",
        "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n!pip install -q numpy",
        "%cd ..\n%env SEED=1\nfiles = !ls *.csv\n%timeit -n 10 sigmoid(np.ones(9))\nsigmoid?",
        "%%bash\npython -m venv .venv && echo done",
        "%%javascript\nalert('hello')",
    ),
    wrote(
        "timed",
        "has %%time above the answer",
        "%%time\n" + SIGMOID,
        "%%capture\n" + SLOPE,
        full=("sigmoid", "sigmoid_grad"),
    ),
    wrote(
        "magic inside",
        "left a magic inside the function",
        SIGMOID.replace("    e =", "    %time y = np.abs(x)\n    !echo inside\n    e ="),
        full=("sigmoid",),
    ),
    beside(
        "packages that are missing",
        "imports packages that are not installed here, in one line with NumPy too",
        "import numpy as np, tqdm_of_mine, torch\nfrom tensorflow import keras",
        "import seaborn as sns\nsns.set_theme()\nfor i in tqdm_of_mine.tqdm(range(9)): pass",
    ),
    beside(
        "Colab",
        "works in Colab: mounts a drive, uploads files",
        "from google.colab import drive, files\ndrive.mount('/content/drive')",
        "uploaded = files.upload()\nfor name in uploaded: print(name)\n%cd /content/drive/MyDrive",
    ),
    beside(
        "displays",
        "uses display, widgets, and get_ipython()",
        "from IPython.display import display, Markdown, clear_output\nimport ipywidgets as widgets",
        "display(Markdown('**sigmoid**'))\nclear_output(wait=True)\nget_ipython().run_line_magic('pinfo', 'sigmoid')",
        "@widgets.interact(x=(-5.0, 5.0))\ndef show(x=0.0):\n    display(sigmoid(x))",
    ),
    beside(
        "plots",
        "plots in cells, with a style and a back end that are not there",
        "import matplotlib\nmatplotlib.use('TkAgg')\nimport matplotlib.pyplot as plt\nplt.style.use('seaborn-v0_8')\nplt.ion()",
        "x = np.linspace(-9, 9)\nfig, ax = plt.subplots()\nax.plot(x, sigmoid(x))\nplt.savefig('sigmoid.png')\nplt.show()",
    ),
    beside("asks", "asks for input in a demo cell", "x = float(input('x? '))\nprint(sigmoid(x))"),
    beside(
        "files",
        "reads and writes files that are not there",
        "data = np.loadtxt('data/measurements.csv', delimiter=',')\nmean = data.mean()",
        "with open(r'C:\\Users\\me\\Desktop\\notes.txt') as f:\n    notes = f.read()\nopen('out.txt', 'w').write('1')",
    ),
    beside("assertions", "left a failing test of their own", "assert sigmoid(0) == 0.4, 'is this right?'\n1 / 0"),
    beside("exit", "ends the notebook with exit()", "exit()", "import sys\nsys.exit(1)", "quit"),
    beside("interrupted", "raises KeyboardInterrupt", "raise KeyboardInterrupt"),
    beside(
        "doctest",
        "runs doctest and unittest at the end",
        "import doctest, unittest\ndoctest.testmod()\nunittest.main(argv=[''], exit=False)",
    ),
    beside(
        "processes",
        "starts threads, processes, and an event loop",
        "import threading, subprocess, multiprocessing, asyncio",
        "threading.Thread(target=print).start()",
        "subprocess.run(['ls'])\nmultiprocessing.Pool(2).map(sigmoid, [1, 2])",
        "async def later(): return 1\nawait later()\nasyncio.run(later())",
    ),
    beside(
        "network",
        "downloads a data set",
        "import urllib.request\nurllib.request.urlretrieve('https://example.org/data.csv', 'data.csv')",
    ),
    beside("sleeps", "trains for hours in a demo cell", "import time\ntime.sleep(10_000)\nlosses = [1.0]"),
    beside("debugger", "left a breakpoint", "breakpoint()", "import pdb; pdb.set_trace()"),
    beside("broken cell", "left a cell that is not Python", "for i in range(3)\n    print(sigmoid(i)", "x = = 3\n\n@"),
    wrote(
        "broken below", "left a broken line in the cell of the answer", SIGMOID + "\nprint 'done'\n", full=("sigmoid",)
    ),
    beside("top level return", "has return, yield, and await at top level", "return 5", "yield 3", "await x"),
    beside("reset", "forgets all names and runs on", "%reset -f", "%reset -f\nimport numpy as np"),
    wrote(
        "result under its name",
        "stores a result under the name of the function",
        SIGMOID,
        "sigmoid = sigmoid(np.ones(3))",
        "print(sigmoid.mean())",
        full=("sigmoid",),
    ),
    wrote(
        "checks",
        "decorates with check and asks for hints",
        "from autograder import check, hint, progress",
        "@check\n" + SIGMOID,
        "hint('sigmoid', level=3)\nprogress('sigmoid_tanh')\ncheck(sigmoid)",
        full=("sigmoid",),
    ),
    beside("future", "imports from __future__ in a late cell", "from __future__ import annotations, division"),
    wrote(
        "unfinished",
        "left a stub of another exercise and a function that fails",
        SIGMOID,
        COMPLEMENT,
        "def tanh_grad(x):\n    raise NotImplementedError",
        "def log_sigmoid(x):\n    return 1 / 0",
        full=("sigmoid", "complement"),
        none=("log_sigmoid", "tanh_grad"),
    ),
)
