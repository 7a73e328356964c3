"""Why a contract breaks, and what to do about it: each analysis answers one sentence that a governing body would say aloud.

    compare       is draft B better than draft A?          breakeven   how much would be enough?
    sensitivity   which uncertainty matters?               tradeoffs   what is given up for what?
    discover      in which futures does it fail?           signposts   what should we watch, and when do we act?
    reverse       what would it take?                      playbook    what do we do when it happens?
    risks         who bears what, and who should?

They read finished runs (reading.py), and live the same futures again where a changed contract is to be tried.
"""
