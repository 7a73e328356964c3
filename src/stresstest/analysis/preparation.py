"""What has to be found out before a run can draw its futures: tilts for importance sampling, couplings for the worst case.

The honest strategy is looked for before that: under the worst dependence it is the one that is best with independent
destinations.
"""

from __future__ import annotations

from dataclasses import replace

from .. import layout as L
from ..strategy import Strategy
from ..study import Study
from .coupling import find_coupling
from .pilot import find_tilt


def prepare(study: Study, strategy: Strategy) -> Study:
    """The study with a tilt for each scenario (importance design) and a coupling for each with the worst dependence."""
    worst = [scenario for scenario in study.scenarios if scenario.dependence == "worst"]
    couplings = {scenario.name: find_coupling(study, scenario, strategy) for scenario in worst}
    study = replace(study, couplings=couplings)
    if study.design.number == L.IMPORTANCE:
        tilts = {scenario.name: find_tilt(study, scenario, strategy) for scenario in study.scenarios}
        study = replace(study, tilts=tilts)
    return study
