"""Reading a study's sampling design: a name, or a table with the number of replicates or mirrored pairs."""

from __future__ import annotations

from ..futures.design import LARGEST_NET, REPLICATES, Design
from ..futures.scenario import Scenario
from ..layout import DESIGNS
from .section import Section

FEWEST, MOST = 4, 64


def read_design(top: Section, scenarios: tuple[Scenario, ...]) -> Design:
    """The entry `design` of a study: "sobol", or { kind = "sobol", replicates = 16 }. Default: random.

    Errors: ConfigError for a design that the scenarios or numbers of futures cannot have.
    """
    if isinstance(top.peek("design"), str):
        kind = top.text("design", choices=DESIGNS)
        design = Design(kind)
    else:
        section = top.section("design", {"kind": "random"})
        kind = section.text("kind", choices=DESIGNS)
        replicates = section.whole("replicates", FEWEST, MOST, REPLICATES)
        section.rewrite("antithetic", lambda value: int(value) if isinstance(value, bool) else value)
        antithetic = section.whole("antithetic", 0, 1, 0)
        section.finish()
        if antithetic and kind != "random":
            raise top.fail("design.antithetic", "only the random design has mirrored pairs", kind, "random")
        design = Design(kind, replicates, bool(antithetic))
    if scenarios[0].consistency:
        raise top.fail("scenarios", "strategies are looked for in the study's first scenario, whose futures weigh alike",
                       scenarios[0].name, "a scenario without consistency factors first, such as calibrated")  # fmt: skip
    for scenario in scenarios:
        _check(top, design, scenario)
    return design


def _check(top: Section, design: Design, scenario: Scenario) -> None:
    if design.kind in ("stratified", "importance") and scenario.dependence == "worst":
        reason = "whose cells have no known law" if design.kind == "stratified" else "which leaves nothing for a tilt to move"
        raise top.fail("design", f"scenario {scenario.name} has the worst dependence, {reason}", design.kind,
                       "random, lhs or sobol")  # fmt: skip
    if design.kind in ("lhs", "sobol", "importance") and scenario.futures < 2 * design.replicates:
        raise top.fail("design.replicates", f"scenario {scenario.name} has too few futures for its replicates",
                       scenario.futures, f"at least {2 * design.replicates} futures")  # fmt: skip
    if design.kind in ("sobol", "importance") and scenario.futures > LARGEST_NET:
        raise top.fail("design", "a net holds no more futures", scenario.futures, f"at most {LARGEST_NET:,}")
