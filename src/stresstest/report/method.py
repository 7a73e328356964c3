"""The method book: what the engine does, made from the docstrings, the registers and the worked cases.

Every section is read out of the package (docstrings, clauses, levers, parameters, output columns, import statements), the shipped
configuration (values, sources, quality marks), the record in data/ (the axes against the record) or tests/cases (worked cases).
Measures, one by one, are set out in method_measures.py; their sums are made by the engine's code when the book is written.
"""

from __future__ import annotations

import ast
import inspect
import math
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .. import __version__
from ..analysis.backfit import FUTURES
from ..analysis.worked import case_as_text, load_cases, plain_number
from ..config.folders import config_folder, data_folder
from ..config.load import load_study
from ..drivers.parameters import PARAMETERS, Parameter
from ..levers import LEVERS
from ..levers._lever import LeverKind
from ..results import schema
from ..results.folder import require_writable
from ..review import CHECKS
from ..terms import STANDARD, TERMS, Field, TermKind
from ..terms._term import NOT_USED
from .markdown import page, table
from .method_axes import axes_text
from .method_axes_worked import one_by_one
from .method_levers import lever_example, world_text
from .method_measures import measures_text
from .method_parts import all_rows, parts_text
from .model_map import map_text, model_map

TITLE = "Method book"
FOLDER = Path("reports") / "method"
STUDY = "dudley"
SOURCES = Path(__file__).resolve().parents[1]
#: Packages in pipeline order, and the order of reading inside them; modules that are not named follow by name.
PARTS = {
    "futures": (
        "What nature does",
        (
            "streams", "plan", "design", "random_points", "latin", "nets", "path_components", "tilt", "marginals", "dependence",
            "strata", "scenario", "destinations", "axes", "sampler",
        ),
    ),
    "sampling": ("From a design's name to arrays", ("points", "nets", "law")),
    "drivers": ("From nature to need, cost and quality", ("opening", "demand", "funding", "cost", "acute", "quality")),
    "terms": ("What the contract says", ("_term", "_quantities", "_formula", *(kind.name for kind in TERMS))),
    "levers": ("What the provider may do", ("_lever", *(kind.name for kind in LEVERS), "payoff")),
    "kernel": ("One year after another", ("project", "respond", "settle", "wires", "solvency", "measure", "table")),
    "review": ("What is odd about a contract", ()),
    "settlement": ("Settling given years", ("engine", "columns", "table", "output")),
    "measures": (
        "Numbers for decisions",
        (
            "designs", "tallies", "intervals", "estimates", "probabilities", "moments", "stream", "ranks", "summary", "headline",
            "precision", "convergence", "failures", "hurdle_table", "exit_costs",
        ),
    ),
    "methods": (
        "Reading results: arrays in, figures out",
        (
            "cases", "basis", "projection", "shapley", "components", "separation", "pick_freeze", "yardstick", "box", "prim",
            "prim_peel", "prim_checks", "tree", "design_point", "reliability", "dependent_normals", "paired", "dominance",
            "regret", "thresholds", "skill", "control_limits", "roots",
        ),
    ),
    "analysis": (
        "Why",
        (
            "response", "exploit", "nulltest", "history", "calibration", "calibration_fits", "calibration_economy",
            "calibration_share", "calibration_table", "backfit", "backfit_paths", "dependence", "coupling", "pilot",
            "variance_split", "starting", "assumptions", "histories", "evaluate", "replay",
        ),
    ),
    "gaming": (
        "What pays a provider that games",
        (
            "best", "climb", "plays", "compounds", "peel", "loopholes", "edits", "fixes", "mends", "oracle", "costs", "types",
            "regret", "freedom", "virement", "frontier", "harmed", "gradient", "alignment", "archive", "replays", "static",
        ),
    ),
    "advice": (
        "What to do about it",
        ("compare", "sensitivity", "discover", "reverse", "breakeven", "tradeoffs", "signposts", "playbook", "risks"),
    ),
    "report/papers": ("Tables that a report adds", ()),
}


def docstring(path: Path) -> str:
    """A module's docstring, without importing it."""
    return inspect.cleandoc(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")


def _is_set_out(lines: list[str]) -> bool:
    """Whether lines are formulas or a list, whose line ends matter."""
    return lines[0].startswith("  ") or all(re.match(r"\S+ {2,}|  ", line) for line in lines)


def as_markdown(text: str) -> list[str]:
    """A docstring as lines of Markdown: paragraphs stay, what is indented or set out in columns is fenced."""
    lines: list[str] = []
    for block in text.split("\n\n"):
        own = block.split("\n")
        if _is_set_out(own):
            least = min(len(line) - len(line.lstrip()) for line in own if line.strip())
            lines += ["```", *(line[least:] for line in own), "```", ""]
        else:
            lines += [*own, ""]
    return lines


def module_text(path: Path) -> list[str]:
    """Heading and text of one module."""
    first, _, rest = docstring(path).partition("\n")
    name = path.relative_to(SOURCES).as_posix()
    return [f"### {first.strip().rstrip('.')}", "", f"`{name}`", "", *as_markdown(rest.strip("\n"))]


def modules(package: str) -> Iterator[Path]:
    """The modules of a package in the order of reading."""
    order = PARTS[package][1]
    known = {path.stem: path for path in sorted((SOURCES / package).glob("*.py")) if path.stem != "__init__"}
    yield from (known.pop(name) for name in order if name in known)
    yield from known.values()


# ── registers ──────────────────────────────────────────────────────────────────────────────────────────────────────
def bounds(low: float, high: float) -> str:
    """The values that make sense, in words."""
    least, most = (f"{v:,.12g}".replace("-", "−") if math.isfinite(v) else "" for v in (low, high))
    if least and most:
        return f"{least} to {most}"
    return f"from {least}" if least else f"up to {most}" if most else ""


def _field_row(field: Field, name: str) -> tuple[str, ...]:
    default = "must be given" if field.default is None else "" if field.default == [] else plain_number(field.default)
    default = "no limit" if field.default in (NOT_USED, -NOT_USED) else default
    allowed = ", ".join(field.choices) or bounds(field.low, field.high)
    return f"`{name}`", field.unit, allowed, default, field.doc


def fields_text(fields: tuple[Field, ...]) -> list[str]:
    """The entries of a clause or lever as a table; the columns of a list stand under it."""
    rows = []
    for field in fields:
        rows.append(_field_row(field, field.name))
        rows += [_field_row(column, f"{field.name}.{column.name}") for column in field.columns]
    return table(("entry", "unit", "allowed", "default", "meaning"), rows) if rows else []


def clause_text(kind: TermKind) -> list[str]:
    """What the register says about a clause."""
    parties = f"A positive amount goes from {kind.payer} to {kind.payee}, unless the contract names other parties."
    lines = [parties if kind.moves else "It moves no money: its value is there for later clauses.", "", *fields_text(kind.fields)]
    shown = [(f"`ID.{figure.name}`", figure.unit, figure.doc) for figure in kind.shows]
    return lines + (table(("figure shown", "unit", "meaning"), shown) if shown else [])


def quantities_text() -> list[str]:
    """The standard quantities that every clause may read by name."""
    rows = [
        (f"`{q.name}`", q.unit, q.doc, "a clause, else a settlement's table" if q.paid else "the record, or the table")
        for q in STANDARD
    ]
    return table(("quantity", "unit", "meaning", "set by"), rows)


def lever_text(kind: LeverKind) -> list[str]:
    """What the register says about a lever: grade, clauses, harm, early sign, evidence, fixes."""
    facts = [
        ("what is done", kind.sentence), ("grade", kind.grade), ("bends", kind.bends), ("phase", kind.phase),
        ("highest intensity", plain_number(kind.highest)), ("clauses that make it pay", ", ".join(kind.clauses)),
        ("who bears it", kind.harmed), ("early sign", kind.sign), ("evidence (docs/evidence.md)", kind.evidence),
    ]  # fmt: skip
    fixes = [
        (", ".join(f"`{clause}.{field}` = {plain_number(value)}" for clause, field, value in fix.changes), fix.words)
        for fix in kind.fixes
    ]
    lines = table(("lever", "from the register"), [fact for fact in facts if fact[1]]) + fields_text(kind.fields)
    return lines + (table(("fix", "in words"), fixes) if fixes else []) + lever_example(kind)


def checks_text() -> list[str]:
    """Every check of a contract by its stable id."""
    return table(("check", "what it looks for, and why"), [(f"`{c.id}`", " ".join(c.text.split())) for c in CHECKS])


def _value(form: dict[str, Any], q: Parameter) -> Any:
    return form[q.owner][q.section][q.name]


def parameters_text(form: dict[str, Any]) -> list[str]:
    """Every parameter with its unit, bounds and meaning, and its value in the shipped study; one table an owner."""
    lines = ["## Parameters", "", f"Values are those of the study `{STUDY}`.", ""]
    headings = ("parameter", "unit", "allowed", "meaning", "value", "quality", "source")
    for owner in dict.fromkeys(q.owner for q in PARAMETERS):
        rows = []
        for q in PARAMETERS:
            if q.owner == owner:
                own = _value(form, q)
                meaning = (f"`{q.key}`", q.unit, bounds(q.low, q.high), q.doc)
                rows.append((*meaning, plain_number(own["value"]), own["quality"], own["source"]))
        lines += [f"### Parameters of the {owner}", "", *table(headings, rows)]
    return lines


def columns_text() -> list[str]:
    """Every output column, table by table."""
    lines = ["## Output columns", ""]
    described = schema.describe()
    for name in dict.fromkeys(row["table"] for row in described):
        rows = [(f"`{r['name']}`", r["type"], r["unit"], r["description"]) for r in described if r["table"] == name]
        lines += [f"### Table {name}", "", *table(("column", "type", "unit", "meaning"), rows)]
    return lines


def cases_text(folder: Path) -> list[str]:
    """Every worked case, file by file; nothing where the folder is not there (an installed package)."""
    if not folder.is_dir():
        return []
    lines, last = ["## Worked cases", ""], ""
    for case in load_cases(folder):
        stem = Path(case.file).stem.replace("_", " ")
        lines += [f"### Cases: {stem}", ""] if stem != last else []
        last = stem
        name, _, rest = case_as_text(case).partition("\n")
        lines += [f"#### {name.strip('*')}", "", rest.strip("\n"), ""]
    return lines


# ── the book ───────────────────────────────────────────────────────────────────────────────────────────────────────
def package_text(package: str) -> list[str]:
    """The part on a package: its own text, then module after module with what the registers hold."""
    registers: dict[str, dict[str, list[str]]] = {
        "terms": {**{kind.name: clause_text(kind) for kind in TERMS}, "_quantities": quantities_text()}, "levers": {},
        "review": {"_finding": checks_text()},
    }  # fmt: skip
    lines = [f"## {PARTS[package][0]}", "", *as_markdown(docstring(SOURCES / package / "__init__.py"))]
    if package == "levers":
        registers["levers"] = {kind.name: lever_text(kind) for kind in LEVERS}
        lines += world_text()
    for path in modules(package):
        lines += module_text(path) + registers.get(package, {}).get(path.stem, [])
    return lines


def texts() -> dict[str, str]:
    """The docstring of every clause and every lever, by name."""
    named = [("terms", kind.name) for kind in TERMS] + [("levers", kind.name) for kind in LEVERS]
    return {name: docstring(SOURCES / package / f"{name}.py") for package, name in named}


@cache
def book_parts(configs: Path, futures: int = FUTURES) -> dict[str, list[str]]:
    """The parts of the book as lines of Markdown, by a short name, in the order of reading; each begins with its heading.

    Raises ConfigError or DataError where the shipped study or the record cannot be read.
    """
    study = load_study(STUDY, configs=configs)
    found = {"map": map_text()} | {package: package_text(package) for package in PARTS}
    found["each-measure"] = measures_text()
    found["axes"] = axes_text(study, data_folder(configs), futures) + one_by_one(study)
    found |= {"parameters": parameters_text(study.effective()), "columns": columns_text()}
    folder = configs.parent / "tests" / "cases"
    cases = load_cases(folder) if folder.is_dir() else None
    found["cases"] = cases_text(folder)
    found["holds"] = parts_text(all_rows(study, texts(), cases))
    return {name: lines for name, lines in found.items() if lines}


def book(configs: Path, futures: int = FUTURES) -> str:
    """The whole book as Markdown, with so many futures in the back-fit. Errors: as book_parts."""
    lines = [f"# {TITLE}", "", f"stresstest {__version__}", ""]
    for own in book_parts(configs, futures).values():
        lines += [*own, ""]
    return tidy(lines)


def tidy(lines: list[str]) -> str:
    """Lines as one text, with no more than one empty line in a row."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _write(path: Path, text: str) -> None:
    """Write a file whole: beside its place, then renamed."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="\n")
    os.replace(draft, path)


def write_method(out: Path | None = None, futures: int = FUTURES) -> int:
    """Write method.md, method.html and the model map (SVG, PNG, CSV) into `out` (default reports/method); return exit code 0.

    The page's path is printed. Errors: ConfigError where the folder cannot be written to or the shipped study cannot be read.
    """
    folder = FOLDER if out is None else Path(out)
    require_writable(folder)
    text, drawn = book(config_folder(), futures), model_map()
    drawn.write(folder)
    _write(folder / "method.md", text)
    _write(folder / "method.html", page(TITLE, text, {f"{drawn.name}.svg": drawn.inline()}))
    print(folder / "method.html")
    return 0
