"""The best response over all levers: how long it takes, what the winner's curse is, and whether the answer depends on its start.

    python benchmarks/gaming_search.py                       2,000 futures searched, 20,000 fresh ones, 5 starts, 3 blocks
    python benchmarks/gaming_search.py --starts 2 --blocks 2 --search 500 --verify 4000

The search is timed after the machine has been compiled, honest work and search apart; the number of strategy-futures is given
beside the seconds, because seconds differ between machines. Stability: the same search from starts that lie far apart and on
other blocks of search futures, every answer scored on the same fresh futures; the gains hold together where all
lie within 1% of the largest.
"""

from __future__ import annotations

import argparse
import json
import time

from stresstest.gaming.best import best, game_on, with_budget
from stresstest.gaming.stability import stability
from stresstest.verbs import load


def main() -> None:
    """Print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--search", 2000), ("--verify", 20_000), ("--starts", 5), ("--blocks", 3), ("--jobs", 2)):
        options.add_argument(name, type=int, default=default)
    options.add_argument("--study", default="dudley")
    chosen = options.parse_args()
    study = with_budget(load(chosen.study, ()), chosen.search, chosen.verify)
    began = time.perf_counter()
    game_on(with_budget(study, 2, 2), chosen.jobs)
    compiled = time.perf_counter() - began
    began = time.perf_counter()
    game = game_on(study, chosen.jobs)
    honest = time.perf_counter() - began
    began = time.perf_counter()
    answer = best(game)
    searched = time.perf_counter() - began
    found = stability(game, chosen.starts, chosen.blocks)
    print(json.dumps({
        "first_call_s": round(compiled, 1), "honest_s": round(honest, 1), "best_response_s": round(searched, 1),
        "evaluations": answer.evaluations, "gain_gbp": answer.gain, "error_gbp": answer.error,
        "winners_curse_gbp": answer.winners_curse, "levers": answer.signature,
        "stability": {
            "labels": found.labels, "gains_gbp": found.gains, "errors_gbp": found.errors, "overlap": found.overlap,
            "spread": found.spread, "tolerance": found.tolerance, "holds": found.holds,
        },
    }, indent=1, ensure_ascii=False))  # fmt: skip


if __name__ == "__main__":
    main()
