"""Who reports a number: by the contract's own word, by what it follows, or by the words of its description."""

from __future__ import annotations

import pytest

from stresstest.contract_verbs import contract_named
from stresstest.gaming.backing import INDEPENDENT, OTHERS, PROVIDER, backing, reporter_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("doc", "who"),
    [
        ("operating cost that the provider posts to the year", PROVIDER),
        ("people on the practices' register", PROVIDER),
        ("contacts that pass validation in the national data set", INDEPENDENT),
        ("cost of the provider as the external auditor finds it", INDEPENDENT),
        ("the energy suppliers' bills, read from the meters", INDEPENDENT),
        ("benchmark set at signature", INDEPENDENT),
        ("what the hospital invoices for the year", OTHERS),
        ("care plans in place", PROVIDER),
    ],
)
def test_the_words_of_a_description_say_who_reports(doc: str, who: str) -> None:
    """A checker's word counts before the provider's, the provider's before anybody else's, and silence means the provider."""
    assert reporter_of(doc, "figure")[0] == who


def test_standard_quantities_have_their_reporters() -> None:
    """The list is the provider's, the audited list is not; acute spend is the hospital's and can be moved in time."""
    contract = contract_named("dudley-5.5bn")
    assert backing(contract, "list").reporter == PROVIDER
    assert not backing(contract, "list").flow
    assert not backing(contract, "list_audited").movable
    assert backing(contract, "acute_actual").reporter == OTHERS
    assert backing(contract, "acute_actual").flow
    assert backing(contract, "indicator.anything").movable
