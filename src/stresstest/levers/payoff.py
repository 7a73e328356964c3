"""What gaming pays on paper: closed forms of single levers, small enough to check by hand.

The engine plays levers over thousands of futures; these functions give the same pay-offs for one year or one path, so
that a reviewer can set a known number beside each. Where the engine has a function for a step, it is called and not
written again: the clauses of terms/ for what is paid, the rules of the lever files for what is reported. The kernel
uses nothing of this. Money is in pounds, or in any unit used throughout. Test vectors by module:

    payoff_detection   TV14, and what is left of any gain that may be found out
    payoff_record      TV01 TV02 TV04 TV18   ghosts, overstated need, exceptions
    payoff_effort      TV03 TV16 TV17        steps, two tasks, noise at a step
    payoff_time        TV05 TV08 TV10 TV19   year-ends, targets that follow, prevention
    payoff_share       TV06 TV09 TV13 TV15   noise in shares, shifting, hidden profit, selection
    payoff_ends        TV07 TV11 TV12        base years, low bids, leaving

All of them can be had from here.
"""

from __future__ import annotations

from .payoff_detection import (
    audit_detection,
    combined_detection,
    deterring_detection,
    net_of_audit,
    net_of_detection,
)
from .payoff_effort import best_effort, best_tasks, give_up_point, marginal_pay_under_noise, tasks_worth, value_of_tasks
from .payoff_ends import (
    annuity,
    break_even_chance,
    low_bid_worth,
    paid_baseline_gain,
    present_value,
    shared_baseline_gain,
    walk_away_option,
    walk_away_worth,
)
from .payoff_record import (
    best_coding,
    coding_gain,
    compound_gain,
    exception_gain,
    exceptions_needed,
    gaming_gradient,
    ghost_list_gain,
    masking_exceptions,
    paid_for_list,
    patients_still_needed,
    reported_share,
    synergy,
)
from .payoff_share import (
    borne_share,
    coin_share,
    deadweight,
    deterring_share,
    noise_share,
    owners_result,
    selection_gain,
    settled_share,
    shared_amounts,
    shifting_gain,
    shifting_harm,
)
from .payoff_time import (
    MAX_PATHS,
    best_path,
    holding_back_rebase,
    idle_loss,
    last_profitable_year,
    losing_years,
    path_value,
    prevention_worth,
    ratchet_gain,
    shifted_savings,
    surviving_incentive,
    timing_result,
)

__all__ = [
    "MAX_PATHS", "annuity", "audit_detection", "best_coding", "best_effort", "best_path", "best_tasks",
    "borne_share", "break_even_chance", "coding_gain", "coin_share", "combined_detection", "compound_gain",
    "deadweight", "deterring_detection", "deterring_share", "exception_gain", "exceptions_needed",
    "gaming_gradient", "ghost_list_gain", "give_up_point", "holding_back_rebase", "idle_loss",
    "last_profitable_year", "losing_years", "low_bid_worth", "marginal_pay_under_noise", "masking_exceptions",
    "net_of_audit", "net_of_detection", "noise_share", "owners_result", "paid_baseline_gain", "paid_for_list",
    "path_value", "patients_still_needed", "present_value", "prevention_worth", "ratchet_gain",
    "reported_share", "selection_gain", "settled_share", "shared_amounts", "shared_baseline_gain",
    "shifted_savings", "shifting_gain", "shifting_harm", "surviving_incentive", "synergy", "tasks_worth",
    "timing_result", "value_of_tasks", "walk_away_option", "walk_away_worth",
]  # fmt: skip
