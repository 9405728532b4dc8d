"""`python -m tests.attacks --write` tries every attack and writes docs/attacks.md (as root it tries both users)."""

import argparse
import json

from tests.attacks.page import observed, write

parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
what = parser.add_mutually_exclusive_group(required=True)
what.add_argument("--write", action="store_true", help="try everything and write the page")
what.add_argument("--observe", action="store_true", help="try everything and print what was seen, as JSON")
print(write() if parser.parse_args().write else json.dumps(observed()))
