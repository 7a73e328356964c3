"""Who bears what: one-sided shares, losses without a cap, soft budgets, cliffs, records."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.unit

BENCHMARK = "[benchmark]\nopening_gbp = 100e6\ngrowth = 0.0\nplanned_reduction = 0.0\nphase_years = 1\n"
ANNUAL = '[[terms]]\nkind = "annual_payment"\nopening_price = 100e6\nform = "fixed"\n'
CORRIDOR = '[[terms]]\nkind = "corridor"\nbands = [{bands}]\n'
GAIN = '{ side = "gain", from = 0.03, share = 0.5 },'
LOSS = '{ side = "loss", from = 0.03, share = 0.4%s },'
COLLAR = """
[[terms]]
kind = "cap_and_collar"
support_from = 0.97
support_more_from = 0.92
support_share = 0.3
support_more_share = {more}
pay_back_from = 1.03
pay_back_share = 0.5
"""
PROFIT_CAP = '[[terms]]\nkind = "profit_cap"\ncap = 0.075\n'


def corridor(*bands):
    """A corridor with these bands."""
    return CORRIDOR.format(bands="".join(bands))


def test_one_side_alone_is_shared(found):
    """Half of a gain and nothing of a loss: the provider cannot lose by it; the reverse it cannot win by."""
    (one,) = found("one-sided", corridor(GAIN))
    assert (
        "shares 50% of a gain (acute_expected less acute_actual) and nothing of a loss: provider cannot lose"
        in one.sentence
    )
    (one,) = found("one-sided", corridor(LOSS % ""))
    assert "cannot win" in one.sentence
    assert not found("one-sided", corridor(GAIN, LOSS % ""))


def test_another_clause_may_share_the_other_side(found):
    """A loss that a second clause shares on the same gap, or that is shared from a later year on, counts."""
    assert not found("one-sided", corridor(GAIN) + corridor(LOSS % "").replace("kind", 'id = "other"\nkind'))
    share = '[[terms]]\nkind = "gain_loss_share"\nshare_gain = 0.5\nshare_loss = [0.0, 0.25]\n'
    assert not found("one-sided", share)


def test_a_loss_without_an_end(found):
    """40% of a loss beyond 3% without a cap costs £2.8m in a year 10% above £100m."""
    (one,) = found("no-cap-on-loss", BENCHMARK + corridor(GAIN, LOSS % ""))
    assert (one.clause, one.field) == ("corridor", "bands")
    assert (
        "provider bears 40% of a loss under corridor (acute_actual above acute_expected) without a cap" in one.sentence
    )
    assert "a year 10% above costs it £2.80m" in one.sentence
    assert not found("no-cap-on-loss", corridor(GAIN, LOSS % ", to = 0.08"))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ('kind = "gain_loss_share"\nshare_gain = 0.5\nshare_loss = 0.5\n', "loss_cap"),
        ('kind = "shared_savings"\nmax_share = 0.5\nloss_form = "fixed"\nloss_rate = 0.3\n', "loss_cap_benchmark"),
        ('kind = "quality_scaled_share"\nphase = "one"\nshare = 0.5\n', "share"),
    ],
)
def test_each_clause_that_shares_losses_can_lack_a_cap(found, more, field):
    """The field where a cap belongs is named; a cap, or a limit that counts the clause, silences it."""
    (one,) = found("no-cap-on-loss", "[[terms]]\n" + more)
    assert one.field == field
    name = more.split('"')[1]
    limit = f'[[terms]]\nid = "limit"\nkind = "overall_limit"\nleast = -1e6\nof = [{{ clause = "{name}" }}]\n'
    assert not found("no-cap-on-loss", "[[terms]]\n" + more + limit)
    if field != "share":
        assert not found("no-cap-on-loss", "[[terms]]\n" + more + f"{field} = 0.02\n")


def test_a_public_body_needs_no_cap(found):
    """Where the hospital bears the loss, or owners make good the party's deficits, nothing is found."""
    text = corridor(GAIN, LOSS % "")
    assert not found("no-cap-on-loss", text.replace("bands", 'payee = "hospital"\nbands'))
    assert not found("no-cap-on-loss", text + '[[terms]]\nkind = "loss_cap"\npayee = "provider"\ncap = 5e6\n')


def test_gains_capped_and_losses_rescued(found, ending):
    """A profit cap beside a rescue, or four fifths of a shortfall against half of an excess, is a soft budget."""
    switch = '[[inputs]]\nname = "rescued"\nunit = "0 or 1"\n'
    rescue = '[[terms]]\nid = "rescue"\nkind = "payment"\nprice = 69e6\nscaled_by = "rescued"\n'
    (one,) = found("soft-budget", switch + ANNUAL + rescue + PROFIT_CAP)
    assert (one.clause, one.severity) == ("rescue", "warning")
    assert "profits above 7.5% of income" in one.sentence
    assert "rescue pays it £69.0m once rescued is 1" in one.sentence
    (one,) = found("soft-budget", ANNUAL + COLLAR.format(more=0.8))
    assert (one.clause, one.field) == ("cap_and_collar", "support_share")
    assert "commissioner bears 80% of a shortfall" in one.sentence
    (one,) = found("soft-budget", ANNUAL + PROFIT_CAP + ending.replace("rescue = 0", "rescue = 1"))
    assert (one.clause, one.field) == ("ending", "rescue")


def test_hard_budgets(found, ending):
    """Halves on both sides, a profit cap alone, and a rescue without a cap on gains are left alone."""
    assert not found("soft-budget", ANNUAL + COLLAR.format(more=0.5))
    assert not found("soft-budget", ANNUAL + PROFIT_CAP + ending)
    assert not found("soft-budget", ANNUAL + ending.replace("rescue = 0", "rescue = 1"))


STAKE = (
    '[[terms]]\nkind = "improvement_payment"\nat_risk = {risk}\nstyle = "{style}"\n{more}'
    'indicators = [{{ name = "{name}", weight = 1.0, floor = 82, target = 90 }}]\n'
)


def stake(risk=0.1, style="withheld", more="", name="at home 91 days after discharge"):
    """£100m a year, of which some hangs on one indicator."""
    return ANNUAL + STAKE.format(risk=risk, style=style, more=more, name=name)


def test_more_at_risk_than_there_is(found, ending):
    """£10m a year against a reserve of £3m and owners for £5m is too much; against £110m, or as a bonus, it is not."""
    small = ending.replace("50000000", "3000000").replace("60000000", "5000000")
    (one,) = found("stake-beyond-reserve", stake() + small)
    assert "10% of annual_payment (£10.0m a year) can be withheld" in one.sentence
    assert "stand for £8.00m" in one.sentence
    assert not found("stake-beyond-reserve", stake() + ending)
    assert not found("stake-beyond-reserve", stake(style="additional") + small)


def test_more_at_risk_than_the_clauses_stand_for(found):
    """Without an ending, a guarantee of nothing is a warning, silence a note; enough, or what a quantity gives, is silent."""
    bond = '[[terms]]\nid = "%s"\nkind = "guarantee"\ncall = "reported_cost"\nlimit = %s\n'
    owners = '[[terms]]\nkind = "loss_cap"\npayee = "provider"\ncap = 5e6\n'
    (one,) = found("stake-beyond-reserve", stake() + bond % ("parent", 0))
    assert one.severity == "warning"
    assert "no reserve is named, and parent stands for £0 in all" in one.sentence
    (one,) = found("stake-beyond-reserve", stake() + bond % ("parent", "2e6") + owners)
    assert "parent and loss_cap stand for £7.00m in all" in one.sentence
    (one,) = found("stake-beyond-reserve", stake())
    assert one.severity == "note"
    assert "names no reserve, no guarantee and no owner" in one.sentence
    assert not found("stake-beyond-reserve", stake() + bond % ("parent", "2e7"))
    promised = '[[inputs]]\nname = "promised"\nunit = "GBP"\n'
    assert not found("stake-beyond-reserve", promised + stake() + bond % ("parent", '"promised"'))


def test_overspending_that_comes_back(found):
    """All of it is a warning, a part a note; a price that is never opened again is left alone."""
    reopener = ANNUAL + '[[terms]]\nkind = "reopener"\nevery = {every}\nshare = {share}\n'
    (one,) = found("reopener-moral-hazard", reopener.format(every=2, share=0.8))
    assert one.severity == "warning"
    assert "of every pound of overspending 80% comes back" in one.sentence
    assert found("reopener-moral-hazard", reopener.format(every=2, share=0.3))[0].severity == "note"
    assert not found("reopener-moral-hazard", reopener.format(every=5, share=0.8))


def test_targets_that_follow_reports(found):
    """Half of the distance leaves 3% of the pay after five moves; a fifth is taken as harmless."""
    (one,) = found("ratchet", stake(more="rebase = 0.5\n"))
    assert "move by 50% of the distance to what was reported: after five such moves 3.1%" in one.sentence
    assert not found("ratchet", stake(more="rebase = 0.2\n"))


SAVINGS = '[[terms]]\nkind = "shared_savings"\nmax_share = 0.5\nloss_form = "none"\n'
STEP = (
    '[[terms]]\nid = "rate"\nkind = "sliding_scale"\nof = "list"\nform = "%s"\n'
    "points = [{ at = 1, value = 0.1 }, { at = 9, value = 0.3 }]\n"
)
BY_RATE = '[[terms]]\nkind = "payment"\nprice = "rate"\nof = "agreed_budget"\n'
GATE = '[[terms]]\nid = "good"\nkind = "gate"\nof = "score"\nat = 0.8\n[[terms]]\nkind = "payment"\nprice = 1e6\n'


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        (BENCHMARK + SAVINGS + "msr = 0.02\n", "msr", "jumps by 1% of acute_expected (£1.00m a year)"),
        (BENCHMARK + SAVINGS + "msr = 0.02\nbelow_msr_factor = 0.5\n", "msr", "(£500k a year)"),
        (BENCHMARK + '[[terms]]\nkind = "gain_loss_share"\nshare_gain = 0.5\nshare_loss = 0.0\n'
         'dead_band = 0.02\nband = "first_pound"\n', "band",
         "Once a gain reaches 2% of acute_expected"),
        (SAVINGS + "quality_gate = 0.3\n", "quality_gate", "just above 30% earns 15% of a saving"),
        (stake(more="step_share = 0.3\n"), "step_share", "the last step is worth 3% of annual_payment (£3.00m a year)"),
        (stake(more="score_gate = 0.5\n"), "score_gate", "reaching it is worth 5% of annual_payment (£5.00m a year)"),
        (stake(more="levels = 4\n"), "levels", "in 4 whole levels: each is worth 2.5% of annual_payment (£2.50m a year)"),
        (GATE + 'scaled_by = "good"\n', "at", "good changes from 0 to 1 where score passes 0.8; with it payment jumps"),
        (STEP % "step" + BY_RATE, "form", "from 0.1 to 0.3 at 9 of list; with it payment jumps"),
        ('[[terms]]\nkind = "layered_share"\nof = "acute_actual"\ncounts = "franchise"\n'
         'layers = [{ attachment = 1e6, share = 0.5 }]\n', "counts",
         "Once acute_actual reaches £1.00m, layered_share counts it from the first pound: the pay jumps by £500k"),
    ],
)  # fmt: skip
def test_cliffs(found, text, field, words):
    """A jump is named where it stands, with its size where the contract gives it."""
    (one,) = found("cliff", text)
    assert one.field == field
    assert words in one.sentence


@pytest.mark.parametrize(
    "text",
    [
        SAVINGS, stake(), GATE, STEP % "linear" + BY_RATE, corridor(GAIN, LOSS % ""),
        GATE.replace('"score"', '"one"') + 'scaled_by = "good"\n',
    ],
)  # fmt: skip
def test_ramps(found, text):
    """Straight lines, net bands, and gates that steer nothing or never move have no cliff."""
    assert not found("cliff", text)


LINKED = '[[terms]]\nkind = "annual_payment"\nopening_price = 100e6\nform = "fixed"\n%s\n'


def test_lists_nobody_checks(found):
    """1% more names are worth £0.7m where 70% of the growth of the list is paid for."""
    (one,) = found("list-unaudited", LINKED % "list_pass_through = 0.7")
    assert one.field == "list_tolerance"
    assert "(£700k a year)" in one.sentence
    assert not found("list-unaudited", LINKED % "list_pass_through = 0.7\nlist_tolerance = 0.05")
    assert not found("list-unaudited", LINKED % "")


def test_recorded_need_without_a_cap(found):
    """1% more recorded need is worth £0.3m where 30% of it is paid for."""
    (one,) = found("need-uncapped", LINKED % "need_pass_through = 0.3")
    assert one.field == "coding_cap"
    assert "(£300k a year)" in one.sentence
    assert not found("need-uncapped", LINKED % "need_pass_through = 0.3\ncoding_cap = 0.03")


def test_patients_left_out_of_the_count(found, place):
    """A share from which anybody may be left out is named; a cap on exceptions, or a count of admissions, is not."""
    (one,) = found("exceptions-uncapped", stake(), place)
    assert "at home 91 days after discharge" in one.sentence
    assert not found("exceptions-uncapped", stake(more="exception_cap = 0.05\n"), place)
    assert not found("exceptions-uncapped", stake(name="potential years of life lost"), place)
