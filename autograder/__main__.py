"""`python -m autograder` is the same as `autograder`."""

import sys


def main() -> None:
    """The console script. The commands are imported here, so that a Ctrl-C meanwhile ends in no traceback."""
    try:
        from autograder import cli
    except KeyboardInterrupt:
        sys.exit(130)
    cli.main()


if __name__ == "__main__":
    main()
