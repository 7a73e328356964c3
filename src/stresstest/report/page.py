"""The report of a run: one self-contained page, with its figures and their numbers beside it."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from typing import Any

from . import certainty, dependence, palette, register, sections, switches
from . import words as W
from .advice_index import advice_of_run
from .answers import answers
from .chart import Chart
from .figures import charts
from .source import Source
from .starting import counted_in, starting
from .stories import stories
from .table import Table

REPORT, PARTIAL, OLD = "report", "report.partial", "report.old"
PAGE, FIGURES = "index.html", "figures"
_NEGATIVE = re.compile(rf"{W.MINUS}[£\d][\d.,]*[\d%a-z]*")
FIRST_SCREEN = ("surplus_fan", "exposure_exceedance", "surplus_by_scenario")


def build_report(folder: Path) -> Path:
    """Write report/index.html and report/figures/ into a finished run folder, and return the path of the page.

    Arguments: `folder` a complete run folder. The report appears whole or not at all: it is written as report.partial
    and then takes the place of any report that is there. Errors: DataError naming a missing table, column or figure.
    """
    folder = Path(folder)
    source = Source(folder)
    drawn = charts(source)
    partial = folder / PARTIAL
    shutil.rmtree(partial, ignore_errors=True)
    try:
        (partial / FIGURES).mkdir(parents=True)
        for chart in drawn:
            chart.write(partial / FIGURES)
        _write_gaming(source, partial / FIGURES / "gaming.csv")
        (partial / PAGE).write_text(render(source, drawn), encoding="utf-8", newline="\n")
        _put_in_place(partial, folder / REPORT, folder / OLD)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder / REPORT / PAGE


def environment() -> Any:
    """The templates, with every word from a file escaped and no name left undefined."""
    import jinja2

    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters["whole"] = _whole
    return found


def write_page(folder: Path, name: str, text: str, drawn: list[Chart]) -> Path:
    """Write a page and figures/ into a folder of results, whole or not at all; return the page's path."""
    partial = folder / f"{FIGURES}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        for chart in drawn:
            chart.write(partial)
        page = partial / name
        page.write_text(text, encoding="utf-8", newline="\n")
        page.replace(folder / name)
        _put_in_place(partial, folder / FIGURES, folder / f"{FIGURES}.old")
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder / name


def _put_in_place(new: Path, place: Path, aside: Path) -> None:
    """Give the new folder its name; an older one goes only when the new one is there."""
    shutil.rmtree(aside, ignore_errors=True)
    if place.exists():
        place.rename(aside)
    try:
        new.rename(place)
    except OSError:
        if aside.exists():
            aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _write_gaming(source: Source, path: Path) -> None:
    """The whole gaming table as CSV: the page's table shows a part of its columns."""
    rows = source.rows("gaming")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def render(source: Source, drawn: list[Chart]) -> str:
    """The page as HTML. Every word from a file is escaped; only our own drawings go in as they are."""
    return environment().get_template("index.html.j2").render(context(source, drawn))


def _whole(text: str) -> Any:
    """Text, escaped, in which no line ends between a minus sign and its number."""
    from markupsafe import Markup, escape

    return Markup(_NEGATIVE.sub(r'<span class="whole">\g<0></span>', str(escape(text))))


def context(source: Source, drawn: list[Chart]) -> dict[str, Any]:
    """Everything that the templates name."""
    by_name = {chart.name: chart for chart in drawn}
    manifest = source.manifest
    return {
        "title": sections.title(source), "run_id": manifest["run_id"], "prices": sections.prices(source),
        "place": W.sentence(str(manifest.get("study", {}).get("place", ""))), "years": source.years,
        "futures": f"{manifest['futures'][source.main]:,}", "scenario": W.of_scenario(source.main), "answers": answers(source),
        "first": [_shown(by_name[name]) for name in FIRST_SCREEN],
        "charts": {name: _shown(chart) for name, chart in by_name.items() if name not in FIRST_SCREEN},
        "tables": {table.name: table for table in _tables(source)},
        "lever_notes": sections.lever_notes(source), "outside": sections.outside(source),
        "windows": sections.windows(source),
        "judgements": register.judgement_words(source), "failed": [c["check"] for c in source.checks if not c["ok"]],
        "reproduction": sections.reproduction(source), "palette": palette, "strategies": source.rows("strategies"),
        "number": register.shown, "sentence": W.sentence, "counted": certainty.counted(source),
        "stories": stories(source), "doubts": _doubts(source), "advice": advice_of_run(source.folder),
    }  # fmt: skip


def _doubts(source: Source) -> dict[str, Any]:
    """The generated sentences of the sections on assumptions, dependence, certainty and the start."""
    return {
        "switches": switches.told(source), "meanings": switches.meanings(),
        "dependence": dependence.largest_change(source), "design": certainty.design(source),
        "weights": certainty.weights(source), "held": certainty.held(source), "knowing": certainty.knowing(source),
        "starting": counted_in(source),
    }  # fmt: skip


def _tables(source: Source) -> list[Table]:
    return [
        sections.outcomes(source), sections.gaming(source), sections.swings(source), sections.history(source),
        sections.null_test(source), sections.checks(source), register.assumptions(source), starting(source),
        switches.switches(source), switches.held_alone(source), dependence.dependence(source),
        dependence.correlations(source), certainty.headline(source), certainty.doubling(source), certainty.tails(source),
        certainty.variance_split(source),
    ]  # fmt: skip


def _shown(chart: Chart) -> dict[str, Any]:
    from markupsafe import Markup

    return {"chart": chart, "svg": Markup(chart.inline())}
