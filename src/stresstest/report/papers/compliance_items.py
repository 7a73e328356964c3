"""The items of the two standards, with their states as they are."""

from __future__ import annotations

from dataclasses import dataclass

MET, PARTLY, NOT_MET = "met", "partly", "not met"
BASELINE, SILVER, GOLD, QUALITY = "baseline", "silver", "gold", "quality"


@dataclass(frozen=True)
class Item:
    """What is asked, whether it is met, where to look (files from the top of the project, #sections of a report) and a note."""

    id: str
    level: str
    asked: str
    state: str
    where: tuple[str, ...] = ()
    note: str = ""


RAP = (
    Item("B1", BASELINE, "Data are produced by code in an open-source language", MET, ("pyproject.toml",), "Python"),
    Item("B2", BASELINE, "Code is under version control", MET, ("CHANGELOG.md",),
         "git, for the project; whether a run was made by committed code, its manifest and section assurance of its report say"),
    Item("B3", BASELINE, "A README says what is there and how to reproduce the output", MET, ("README.md",), "two commands"),
    Item("B4", BASELINE, "Code has been reviewed by peers", NOT_MET, ("CONTRIBUTING.md",),
         "no named reviewer outside the project has reviewed it"),
    Item("B5", BASELINE, "Code is published in the open and linked from its outputs", PARTLY, ("LICENSE", "CITATION.cff"),
         "open licence; outputs name version and commit, but no public address"),
    Item("S1", SILVER, "Outputs come from code with the least manual work", MET, ("run.py",),
         "one command from inputs to report"),
    Item("S2", SILVER, "Use, structure and method are documented, with docstrings", MET, ("README.md", "CONTRIBUTING.md",
         "tests/test_architecture.py"), "a test demands a docstring of every public name; `stresstest method` prints the "
                                        "method book"),
    Item("S3", SILVER, "Files stand in a standard layout", MET, ("CONTRIBUTING.md",), "src, configs, data, docs, tests"),
    Item("S4", SILVER, "Code is made of functions that can be used again", MET, ("tests/test_architecture.py",),
         "a test bounds the length of functions and modules"),
    Item("S5", SILVER, "Code keeps to an agreed standard", MET, ("pyproject.toml",), "ruff and mypy, strict"),
    Item("S6", SILVER, "Unit tests and back tests", MET,
         ("tests/unit/config/test_values.py", "src/stresstest/analysis/backfit.py", "tests/golden/test_golden.py"),
         "the back-fit counts its misses"),
    Item("S7", SILVER, "Dependencies are listed", MET, ("pyproject.toml", "constraints.txt"), ""),
    Item("S8", SILVER, "Logs are kept without being asked for", MET, ("src/stresstest/results/manifest.py",),
         "`run.log` in every run folder, one JSON object a line"),
    Item("S9", SILVER, "Data are tidy on the way in and out", MET, ("data/README.md", "src/stresstest/results/schema.py"), ""),
    Item("G1", GOLD, "Code is a package", MET, ("pyproject.toml",), ""),
    Item("G2", GOLD, "Tests run by themselves at every change", PARTLY, (".ci/run",),
         "one script runs the whole suite; no service that calls it is part of the project"),
    Item("G3", GOLD, "The process is triggered by an event or on a schedule", NOT_MET, ("README.md",),
         "runs are started by hand; the commands can be scheduled"),
    Item("G4", GOLD, "Changes are signposted: changelog, releases, semantic versions", PARTLY, ("CHANGELOG.md", "CITATION.cff"),
         "changelog and versions; releases are not tagged"),
)  # fmt: skip
AQUA = (
    Item("AQ1", QUALITY, "Register of assumptions with every report; each number of the configuration has exactly one id", PARTLY,
         ("#register", "src/stresstest/report/papers/register.py", "tests/unit/report/test_part_register.py"),
         "a test finds orphans either way; the reason for a value stands with its source and not in a column of its own"),
    Item("AQ2", QUALITY, "Risk of an assumption is computed from quality and impact", MET,
         ("#register", "tests/unit/report/test_part_register.py"), ""),
    Item("AQ3", QUALITY, "Impact of an assumption is measured, not judged", PARTLY,
         ("#register", "src/stresstest/advice/sensitivity_inputs.py"),
         "measured for judged and derived parameters of place, provider and ending; clauses, axes and tables of lines are "
         "not varied one by one"),
    Item("AQ4", QUALITY, "Log of decisions", MET, ("#register", "configs/assurance/dudley.toml"),
         "kept in the assurance record of a study or run"),
    Item("AQ5", QUALITY, "Log of data with checksum, source, licence and sunset", MET,
         ("#register", "data/register.csv", "src/stresstest/config/tables.py"),
         "checksums are recomputed at load; a sunset that has passed is a warning"),
    Item("AQ6", QUALITY, "Four roles; the analyst is not the assurer", MET,
         ("#assurance", "src/stresstest/config/assurance_rules.py", "tests/integration/test_sign_verb.py"),
         "refused whatever the spelling, order of words or title; that a name is a real person, and one person under two "
         "names, cannot be told"),
    Item("AQ7", QUALITY, "State of assurance on every page and sheet until approved", MET,
         ("src/stresstest/report/templates/_style.html.j2", "src/stresstest/report/formats/workbook_front.py",
          "src/stresstest/report/slide.py"),
         "in the head of every printed page, the title of every sheet and the slide; CSV files beside them do not carry it"),
    Item("AQ8", QUALITY, "Invariants are checked on every run", MET, ("#assurance", "src/stresstest/results/invariants.py"),
         "printed in the report with the tolerance; exit code 1 where one fails"),
    Item("AQ9", QUALITY, "Validation against the outside world", PARTLY,
         ("#assurance", "tests/cases/shared_savings_published.toml", "docs/limits.md"),
         "published settlements are reproduced, by tests in the repository; nothing was tested on a contract whose end was "
         "unknown"),
    Item("AQ10", QUALITY, "Limits of use, readable by machines", MET, ("#limits", "docs/limits.md"),
         "`limits.csv` beside the report"),
    Item("AQ11", QUALITY, "Model map made from the code", MET,
         ("#method", "src/stresstest/report/model_map.py", "tests/unit/report/test_model_map.py"),
         "drawn from the code’s own folders and imports each time; a test holds boxes and arrows against them"),
    Item("AQ12", QUALITY, "What changed since an earlier run", MET,
         ("#assurance", "src/stresstest/changes_verbs.py", "tests/unit/report/test_changes_page.py"),
         "`stresstest changes`, for any two runs; the report links its page where it has been made"),
    Item("AQ13", QUALITY, "Independent re-performance", PARTLY, ("tests/kernels/test_reference.py", "tests/reference/live.py"),
         "a slow reference in plain Python, written from the words of the clauses; not by anyone outside the project"),
    Item("AQ14", QUALITY, "Assurance statement on one page", MET, ("#assurance",), "made from the run and its record"),
)  # fmt: skip
