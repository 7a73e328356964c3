"""Tables for people: what was measured against what, how sure it is, and what the guard says."""

from __future__ import annotations

from collections.abc import Sequence

from .guard import BETTER, HOLDS, NOT_JUDGED, WORSE, Judgement
from .ratios import BY_KEY, SUBJECTS
from .record import Record, Rules

READING = (
    "A ratio is the median over pairs of samples taken in turns in one process; the interval holds it with 95%; the spread is",
    "half the distance of the quartiles. Read ratios, not seconds: they hardly depend on how busy the machine is.",
)
SLOWEST = 12


def laid_out(table: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Rows of text in columns: the first `left` columns to the left, the others to the right."""
    widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    set_out = [[cell.ljust(widths[k]) if k < left else cell.rjust(widths[k]) for k, cell in enumerate(row)] for row in table]
    return ["  ".join(row).rstrip() for row in set_out]


def figure(value: float) -> str:
    """Three significant digits, plain."""
    if value != 0.0 and abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def listing() -> list[str]:
    """Every ratio that there is."""
    table = [["key", "what", "against what", "better", "--quick"]]
    table += [[s.key, s.candidate, s.baseline, "higher" if s.higher else "lower", "yes" if s.quick else ""] for s in SUBJECTS]
    more = ["", "Besides: every clause, lever and step by itself (“clause: …”, “lever: …”, “step: …”), and “compiled”."]
    return laid_out(table, 5) + more


def ratio_lines(record: Record) -> list[str]:
    """The table of ratios."""
    table = [["ratio", "of", "to", "median", "interval", "spread", "better"]]
    for key, own in record.ratios.items():
        subject = BY_KEY[key]
        table.append([
            key, subject.candidate, subject.baseline, figure(own.median), f"{figure(own.low)}–{figure(own.high)}",
            f"±{abs(own.spread):.1%}", "higher" if subject.higher else "lower",
        ])  # fmt: skip
    return laid_out(table, 3) if len(table) > 1 else []


def rule_lines(rules: Rules, most: int = SLOWEST) -> list[str]:
    """The rules that cost most, in yardsticks."""
    ordered = sorted(rules.items(), key=lambda pair: -pair[1]["cost"])
    table = [["rule", "cost", "least–most of the processes"]]
    table += [[name, figure(own["cost"]), f"{figure(own['least'])}–{figure(own['most'])}"] for name, own in ordered[:most]]
    left = len(rules) - most
    return laid_out(table) + ([f"… and {left} cheaper ones (all are in --json)"] if left > 0 else [])


def record_lines(record: Record) -> list[str]:
    """A whole record in words."""
    machine = record.environment
    busy = f"load {machine['load_before']} before, {machine['load']} after"
    lines = [f"{machine['processor']}, {machine['processors']} processors, {busy}"]
    if record.ratios:
        drawn = f"one future draws {record.counts['draws']} numbers, {record.counts['normals']} of them normals"
        lines += [drawn, *READING, "", *ratio_lines(record)]
    if record.rules:
        told = "Rules by themselves, one block and one contract, in yardsticks (a fixed piece of arithmetic):"
        lines += ["", told, *rule_lines(record.rules)]
    if record.instructions:
        lines += ["", f"Instructions of {len(record.instructions)} rules counted by valgrind (all are in --json)"]
    if record.compiled:
        well = "" if record.faults else ", each for one kind of arguments, none compiled twice"
        lines += ["", f"{len(record.compiled)} compiled entries{well}", *(f"  {fault}" for fault in record.faults)]
    lines += ["", *(f"{name}: {value:g} s" for name, value in sorted(record.seconds.items()))]
    return lines


def judgement_lines(judgements: list[Judgement], differences: list[str]) -> list[str]:
    """What the guard says: all that is worse or better, and how much held."""
    count = {state: sum(one.state == state for one in judgements) for state in (HOLDS, BETTER, WORSE, NOT_JUDGED)}
    table = [["against the stored record", "stored", "now", "worse by", "allowed", ""]]
    for one in judgements:
        if one.state in (WORSE, BETTER):
            change = f"{one.change:+.1%}".replace("-", "−")
            table.append([one.name, figure(one.stored), figure(one.found), change, f"{one.allowed:.0%}", one.state])
    lines = laid_out(table) if len(table) > 1 else []
    if differences:
        told = f"Another machine or library than that of the stored record ({', '.join(differences)})"
        lines.append(f"{told}: times are shown and not judged.")
    counted = ", ".join(f"{count[state]} {state}" for state in (HOLDS, BETTER, NOT_JUDGED) if count[state])
    verdict = f"{count[WORSE]} WORSE" if count[WORSE] else "nothing is worse"
    return [*lines, f"{verdict}; {counted}" if counted else verdict]
