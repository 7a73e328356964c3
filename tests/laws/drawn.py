"""What the laws are tried on: any strategy, any futures, any ending."""

from __future__ import annotations

from hypothesis import strategies as st

shares = st.floats(0.0, 1.0)
levels = st.fixed_dictionaries({
    "effort": st.floats(0.0, 1.5), "prevention": st.floats(0.0, 2.0), "efficiency": st.floats(0.0, 1.5),
    "threshold_bunching": shares, "ratchet_holding_back": shares, "prevention_run_off": shares, "cost_shifting": shares,
    "list_inflation": st.floats(0.0, 0.04), "upcoding": st.floats(0.0, 0.16), "exception_reporting": st.floats(0.0, 0.1),
    "year_end_timing": st.floats(0.0, 0.03),
})  # fmt: skip
firsts = st.integers(1, 1 << 38)
endings = st.fixed_dictionaries({
    "reserve": st.floats(0, 3e7), "loss_cap": st.floats(0, 5e7), "guarantee": st.floats(0, 2e7),
    "notice_years": st.sampled_from([0, 0.5, 1, 2, 3]),
})  # fmt: skip
