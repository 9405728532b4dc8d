"""Options for labelled cases other than those of the repository, what judging pairs took, and a browser."""

import signal
import threading
from pathlib import Path
from statistics import median

import pytest

from tests.browsers import CHROMIUM

DATA = Path(__file__).parent / "data"
FIXTURES = {
    "pairs": ("symbolic_pairs.json", "curriculum_pairs.json"),
    "chains": ("derivations.json",),
    "answers": ("symbolic_answers.json",),
}
TOOK = "milliseconds for a pair, and of them on the processor"


def pytest_configure(config):
    """Whoever starts the tests in the background or under nohup has signals ignored, and what tests start inherits that."""
    if threading.current_thread() is threading.main_thread():
        for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
            if signal.getsignal(number) is signal.SIG_IGN:
                signal.signal(number, usual)


@pytest.fixture(scope="module")  # no longer: while it is open, an event loop runs in this thread
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield instance
        instance.close()


def pytest_addoption(parser):
    for option, names in FIXTURES.items():
        files = [DATA / name for name in names]
        parser.addoption(
            f"--{option}", type=lambda text: [Path(text)], default=files, help=f"labelled {option}, as JSON"
        )


def pytest_terminal_summary(terminalreporter):
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    took = sorted((*value, report.nodeid) for report in reports for key, value in report.user_properties if key == TOOK)
    if took:
        middle, work = (median(row[place] for row in took) for place in (0, 1))
        worst = "; ".join(f"{wall:.0f} ms {nodeid.partition('[')[2].rstrip(']')}" for wall, _, nodeid in took[:-4:-1])
        line = f"median {middle:.1f} ms, {work:.1f} ms of it on this processor; the slowest: {worst}"
        terminalreporter.write_line(f"{len(took)} pairs judged: {line}")
