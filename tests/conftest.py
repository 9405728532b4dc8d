"""Options for labelled cases other than the ones that come with the repository."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


def pytest_addoption(parser):
    for option, fixture in {"pairs": "symbolic_pairs", "chains": "derivations", "answers": "symbolic_answers"}.items():
        parser.addoption(f"--{option}", type=Path, default=DATA / f"{fixture}.json", help=f"labelled {option}, as JSON")
