"""The peers side by side, in one run: monaco and the EMA Workbench on the same model, oasislmf on the same layer terms.

    python benchmarks/peers/run_peers.py                     all, a quarter of an hour: peers.json and peers.md beside this
    python benchmarks/peers/run_peers.py --quick --out DIR   few rounds and cases, to see that it works
    python benchmarks/peers/run_peers.py --only model        or layers

It needs an environment with the three peers and this project (README.md). A peer that is not there is named and left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
#: Module of each peer, and the package that brings it.
MODELS = {"monaco": "with_monaco", "ema_workbench": "with_ema"}
LAYERS = "oasislmf"
TITLES = {"monaco": "monaco", "ema_workbench": "EMA Workbench"}


def here(name: str) -> bool:
    """Whether a package can be imported."""
    return importlib.util.find_spec(name) is not None


def say(words: str) -> None:
    """Say on the error stream what is going on."""
    print(words, file=sys.stderr, flush=True)


def missing(wanted: list[str]) -> list[str]:
    """The wanted packages that are not here, each named with its remedy."""
    away = [name for name in wanted if not here(name)]
    for name in away:
        say(
            f"{name} is not in this environment, so it cannot be measured. The peers have one of their own: "
            f"python -m venv peers-env && peers-env/bin/pip install -r {HERE / 'requirements.txt'} -e {HERE.parents[1]}"
        )
    return away


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """The comparisons that were asked for and can be made here; empty where none can."""
    wanted = [*(MODELS if options.only != "layers" else ()), *((LAYERS,) if options.only != "model" else ())]
    away = missing([*wanted, "stresstest"])
    present = [name for name in wanted if name not in away]
    if "stresstest" in away or not present:
        return {}
    import rounds as R

    from stresstest.bench.record import environment

    found: dict[str, Any] = {"left_out": away}
    peers = {TITLES[name]: importlib.import_module(MODELS[name]) for name in present if name in MODELS}
    count = 2 if options.quick else options.rounds
    if peers:
        found["model"] = R.compare_models(peers, count, 128 if options.quick else options.cases, say)
    if LAYERS in present:
        with tempfile.TemporaryDirectory() as folder:
            found["layers"] = R.compare_layers(Path(folder), count, 50 if options.quick else options.events, say)
    found["environment"] = {**environment(), **{name: version(name) for name in present}}
    found["rounds"] = count
    return found


def rounded(found: Any) -> Any:
    """Every number with four significant figures, for a small file."""
    if isinstance(found, dict):
        return {str(name): rounded(value) for name, value in found.items()}
    if isinstance(found, list):
        return [rounded(value) for value in found]
    return float(f"{found:.4g}") if isinstance(found, float) else found


def main() -> int:
    """Measure, write peers.json and peers.md, print the page. Exit code 1 where nothing could be measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of everything in turns (5)")
    parser.add_argument("--cases", type=int, default=1024, help="cases of each tool and round (1024, a power of two for Sobol')")
    parser.add_argument("--events", type=int, default=1000, help="events of 1,000 samples of 10 losses (1000)")
    parser.add_argument("--quick", action="store_true", help="2 rounds, 128 cases, 50 events")
    parser.add_argument("--only", choices=("model", "layers"), help="one of the two comparisons")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for peers.json and peers.md (this one)")
    options = parser.parse_args()
    found = rounded(measured(options))
    if not found:
        say("nothing could be measured")
        return 1
    from page import page

    options.out.mkdir(parents=True, exist_ok=True)
    words = page(found)
    (options.out / "peers.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (options.out / "peers.md").write_text(words, encoding="utf-8")
    print(words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
