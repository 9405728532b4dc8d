"""The prover's own process: one question a line in, one answer a line out, until its input ends."""

from __future__ import annotations

import json
import sys

from autograder.domains import parse_domain
from autograder.expressions.wire import decode
from autograder.judges.proving.prover import prove


def main() -> None:
    """Answer until the parent closes the pipe; the parent kills what takes too long."""
    for line in sys.stdin:
        question = json.loads(line)
        domains = {name: parse_domain(text) for name, text in question["domains"].items()}
        by = prove(decode(question["left"]), decode(question["right"]), domains, question["relation"])
        print(json.dumps({"id": question["id"], "by": by}), flush=True)


if __name__ == "__main__":
    main()
