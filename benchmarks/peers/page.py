"""The results page in Markdown, from the figures of peers.json; it computes only rates, one over a time."""

from __future__ import annotations

from typing import Any

Figures = dict[str, Any]
OURS = {
    "simulation": "in a simulation: what the clauses add to a future's year",
    "settle": "as a table: `settle`, arrays in, arrays out",
    "compiled": "as a table: the compiled part of `settle` alone",
}
PROGRAMMES = {
    "tower": "Tower: ten losses, each above its deductible and up to its limit; their sum through three layers",
    "treaties": "Treaties: ten losses, each through three layers",
}


def figure(value: float) -> str:
    """A number with three significant figures, thousands set apart."""
    return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"


def rows_of(head: list[str], lines: list[list[str]]) -> list[str]:
    """A Markdown table; every column but the first to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return ["| " + " | ".join(line) + " |" for line in (head, rule, *lines)]


def times(ratio: Figures) -> list[str]:
    """Median of the ratio, and its quartiles."""
    return [f"{figure(ratio['median'])} ×", f"{figure(ratio['lower_quartile'])}–{figure(ratio['upper_quartile'])}"]


def model_lines(found: Figures) -> list[str]:
    """The same model in each tool."""
    tools = found["tools"]
    own = sorted(ratio["baseline"] for ratio in tools.values())[len(tools) // 2]
    lines = [["**this project's kernel**", figure(own), figure(1e6 / own), "1 ×", ""]]
    lines += [
        [name, figure(ratio["candidate"]), figure(1e6 / ratio["candidate"]), *times(ratio)] for name, ratio in tools.items()
    ]
    farthest = max(found["standard_errors_apart"].values())
    return [
        "## The same model", "",
        f"Dudley's shipped contract, {found['years']} years, one strategy, draws included, all {found['outcomes']} outcomes of "
        f"every future. A future reads {found['normals'] + found['uniforms']} numbers: {found['normals']} standard normals and "
        f"{found['uniforms']} uniforms. {found['cases']:,} cases a round, {found['futures']:,} futures of the kernel just before "
        "each.", "",
        *rows_of(["tool", "µs a case", "cases a second", "time over the kernel's", "quartiles"], lines), "",
        f"Mean outcomes lie within {figure(farthest)} standard errors of the kernel's in every tool (the largest of all outcomes "
        "and tools), so all ran the same model.", "",
    ]  # fmt: skip


def layer_lines(found: Figures) -> list[str]:
    """The layer terms in oasislmf's financial module and here."""
    lines = ["## Layer terms", "", "A row is one loss of one sample of one event, put through the whole programme.", ""]
    for programme, own in found["programmes"].items():
        ratios, parts = own["ratios"], own["parts_nanoseconds"]
        theirs = ratios["settle"]["candidate"]
        reading = parts["whole"] - parts["terms"] - parts["writing"]
        table = [["oasislmf `fmpy -a0`, each further row", figure(theirs), figure(1e3 / theirs), "1 ×", ""]]
        table += [
            [f"this project, {OURS[name]}", figure(ratio["baseline"]), figure(1e3 / ratio["baseline"]), *times(ratio)]
            for name, ratio in ratios.items()
        ]
        lines += [
            f"**{PROGRAMMES[programme]}** ({own['rows']:,} rows; totals of both programs and of a sum in numpy agree to "
            f"{own['totals_apart']:.0e})", "",
            *rows_of(["program", "ns a row", "million rows a second", "oasislmf's time over it", "quartiles"], table), "",
            f"Of oasislmf's nanoseconds: reading the stream {figure(reading)}, terms "
            f"{figure(parts['terms'])}, writing {figure(parts['writing'])}. Each run of the command costs "
            f"{figure(own['start_seconds'])} s more for its start.", "",
        ]  # fmt: skip
    cold = found["cold"]
    lines += [
        f"The first run ever of `fmpy` compiles for {figure(cold['processor_seconds'])} s of processor time "
        f"({figure(cold['wall_seconds'])} s by the clock here); it is in no figure above.", "",
    ]  # fmt: skip
    return lines


def page(found: Figures) -> str:
    """The whole page."""
    around = found["environment"]
    named = ", ".join(f"{name} {value}" for name, value in sorted(around.items()) if not isinstance(value, (dict, list)))
    lines = [
        "# The peers side by side", "",
        "Written by `python benchmarks/peers/run_peers.py`; what is compared, and how far it is fair, stands in README.md. One "
        f"core, processor time, everything in turns: medians of {found['rounds']} rounds and their quartiles. Trust the ratios: "
        "the times are those of a shared machine.", "",
    ]  # fmt: skip
    lines += model_lines(found["model"]) if "model" in found else []
    lines += layer_lines(found["layers"]) if "layers" in found else []
    if found["left_out"]:
        lines += [f"Left out, for they were not there: {', '.join(found['left_out'])}.", ""]
    return "\n".join([*lines, "## On what", "", f"{named}.", ""])
