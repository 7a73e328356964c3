"""What a process does that `children.ask` starts: measure one thing and print the answer as one line of JSON."""

from __future__ import annotations

import json
import sys
from typing import Any


def main(arguments: list[str]) -> None:
    """Measure rules, count instructions or list compiled entries, and print the answer."""
    answer: Any = None
    if arguments[0] == "rules":
        from .rules import measured

        answer = measured(arguments[1], int(arguments[2]))
    elif arguments[0] == "count":
        from .counting import inside

        inside(arguments[1])
    else:
        from .compiled import exercised

        answer = exercised()
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1:])
