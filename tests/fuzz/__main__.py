"""`python -m tests.fuzz --minutes 10` runs every target in turn, for as long as that, and tells what it saw."""

from __future__ import annotations

import argparse
import resource
import sys
import time
import traceback
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings

from autograder import registry
from tests.fuzz.targets import TARGETS, Target

A_ROUND = 300  # examples


@dataclass
class Tally:
    """What came of one target."""

    examples: int = 0
    slowest: float = 0.0  # seconds of processor time
    failure: str = ""

    def run(self, target: Target, number: int) -> None:
        """One round of examples, other ones for every number."""

        @seed(number)
        @settings(max_examples=A_ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck),
                  phases=(Phase.generate, Phase.shrink))  # fmt: skip
        @given(target.inputs)
        def check(value) -> None:
            began = time.process_time()
            self.examples += 1
            target.check(value)
            self.slowest = max(self.slowest, time.process_time() - began)

        try:
            check()
        except Exception:
            self.failure = traceback.format_exc()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0, help="the number of the first round")
    options = parser.parse_args()
    registry.exercises()  # a second's work that no example should be charged with
    began, number = time.monotonic(), options.seed
    tallies = {target: Tally() for target in TARGETS}
    while time.monotonic() - began < 60 * options.minutes:
        for target, tally in tallies.items():
            if not tally.failure:
                tally.run(target, number)
        number += 1
    for target, tally in tallies.items():
        verdict = f"FAILS\n{tally.failure}" if tally.failure else "holds"
        print(f"{target.name}: {tally.examples} examples, the slowest {tally.slowest:.2f} s, {verdict}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = sum(tally.examples for tally in tallies.values())
    print(f"{total} examples in {(time.monotonic() - began) / 60:.1f} minutes, rounds {options.seed} to {number - 1}, "
          f"{memory:.0f} MB at most")  # fmt: skip
    return 1 if any(tally.failure for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
