"""The words of the field and of this engine, one list for the documentation, the report and the workbook."""

from __future__ import annotations

from collections.abc import Sequence

TITLE = "Glossary"
#: (term, meaning), in the order of the alphabet.
GLOSSARY: Sequence[tuple[str, str]] = (
    ("80% interval", "the range from the 10th to the 90th percentile: 8 futures in 10 lie inside"),
    ("95% interval", "the range that holds the true value of an estimate in 95 of 100 repetitions; it is about the number of "
     "futures, not about the future"),
    ("acute activity", "hospital care outside the budget: emergency admissions, A&E, elective, day case and outpatient care"),
    ("annual payment", "the whole-population budget of a year, paid to the provider"),
    ("axis", "one of the six uncertainties outside everyone's control: responsibility for health, control of care, size of "
     "the state, economy, technology, workforce"),
    ("calibrated law", "the joint law of the six axes as fitted to the record, or judged where there is none"),
    ("central case", "future 0, in which every chance takes its middle; it is no expectation and belongs to no probability"),
    ("clause", "one rule of a contract that moves money, or works out a figure for later clauses; also called a term"),
    ("commissioner", "the body that buys care for the population and pays the provider"),
    ("common random numbers", "the same futures for every draft, so that a difference is due to the draft and not to luck"),
    ("conditional tail expectation", "the mean of the worst 5% (or 1%) of futures; also expected shortfall"),
    ("contract", "parties and clauses in order of application, over a number of years; data, not code"),
    ("dead band", "a range around the expected spend within which nothing is shared"),
    ("discount rate", "how much less a pound, or a year of health, counts for each year that it comes later"),
    ("driver", "a yearly quantity that follows from axes and place, such as list size, need, unit cost"),
    ("end by losses", "the contract ends early because losses use up what the owners bear; not by a break of policy"),
    ("exposure, gross", "the same as net exposure, counting only causes and years in which it is positive"),
    ("exposure, net", "what the commissioner pays or must fund beyond the budget agreed at signature, present value"),
    ("exposure, public", "net exposure plus what falls on the hospital and the council"),
    ("future", "one joint draw of everything that nature decides, over all years"),
    ("gain/loss share", "provider and commissioner share what acute care costs less or more than expected"),
    ("gaming", "acting on the clauses and not on their purpose, lawfully or not"),
    ("grade of a lever", "honest, lawful within the rules, grey, or false reporting"),
    ("honest provider", "a provider that uses no gaming lever; effort, prevention and efficiency it chooses as serves it best"),
    ("hurdle", "a limit beyond which a party fails: what owners bear, a share of the budget, a floor under quality"),
    ("improvement payment", "the part of the budget that depends on outcomes"),
    ("judgement", "an input without a published source; marked wherever it appears"),
    ("lever", "one way in which a provider may act: it bends the world or the record, and never moves money itself"),
    ("likelihood word", "a word for a range of chances (the PHIA scale), from remote chance to almost certain"),
    ("loss cap", "the loss from which the owners walk away"),
    ("low point", "the lowest value of a path over the years"),
    ("Monte Carlo error", "how far an estimate may be off because only so many futures were drawn; also standard error"),
    ("paired difference", "the difference of two drafts future by future, before any average"),
    ("parent guarantee", "what a parent company promises to pay when its subsidiary cannot"),
    ("place", "one locality with its population, services, local hospital and council"),
    ("present value", "the worth of a stream of yearly amounts at the start of the contract"),
    ("QALY", "a year of life in full health; half a year of it is half a QALY"),
    ("quantile", "the value below which a given share of futures lies; the median is the middle one"),
    ("record and world", "what the contract is told, and what is true; clauses see the record, health and costs the world"),
    ("regret", "what a choice falls short of the best choice in the same future"),
    ("scenario", "a set of futures: a named one, a weighted mix, or the calibrated law"),
    ("seed", "the number from which all draws of a run follow; the same seed gives the same futures"),
    ("settlement", "putting given years through a contract, without any drawing"),
    ("Shapley effect", "an input's share of the spread of a result, averaged over all orders of learning the inputs"),
    ("stranded cost", "fixed cost that stays with the hospital when activity leaves"),
    ("strategy", "levels of levers by year: what the provider does"),
    ("study", "places, contracts, strategies and futures in one file"),
    ("switching value", "the value of an input, or of a QALY, at which a decision changes"),
    ("true score", "mean progress on the outcomes, 0 at the baseline and 1 at the target, whatever is reported"),
    ("variant", "a set of changes laid over a contract"),
    ("virement", "moving money between services"),
    ("weight", "how much a future counts; it belongs in every average and probability"),
)  # fmt: skip


def glossary_text() -> list[str]:
    """The glossary as lines of Markdown, with a heading of the first level."""
    lines = [f"# {TITLE}", ""]
    for term, meaning in GLOSSARY:
        lines += [f"**{term}**: {meaning}.", ""]
    return lines
