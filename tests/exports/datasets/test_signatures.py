"""ADSIG: every signature with its meaning and hash, as it was at the cut, and nobody's name."""

from datetime import timedelta

import pytest

from regimens.models import Signature
from tests.builders import hour, kept, vitals
from tests.exports.datasets.conftest import CUT
from tests.exports.datasets.reading import raw, rows

pytestmark = pytest.mark.django_db


@pytest.mark.req("R17")
def test_a_signature_is_told_with_meaning_hash_and_role_and_no_name(trial):
    (signed,) = rows(trial, "adsig", CUT)
    signature = Signature.objects.get()

    assert signed["USUBJID"] == "DEMO-DEMO-TPE-DEMO-001"
    assert signed["SIGDTM"] == "2026-03-03T14:00:00+00:00"  # hour 29
    assert signed["SIGLDTM"] == "2026-03-03T22:00:00+08:00"
    assert (signed["SIGKIND"], signed["MEANING"], signed["ROLE"]) == ("ASSESSMENT", "GRADE CONFIRMED", "INVESTIGATOR")
    assert (signed["HASH"], signed["RECID"], signed["PROOF"]) == (signature.hash, signature.root, "PASSWORD")
    assert signed["COVEDTM"] == "2026-03-03T14:00:00+00:00"  # from the onset at hour 27 to the judgement
    assert (signed["VOIDFL"], signed["VOIDDTM"], signed["VOIDRSN"]) == ("N", "", "")
    assert b"demo.investigator" not in raw(trial, "adsig", CUT)


@pytest.mark.req("R18")
def test_what_made_it_void_is_told_from_then_on(trial):
    late = kept(vitals(trial, 28.5, temperature_c=38.2, reason="network"), trial, at=CUT).fact

    (before,) = rows(trial, "adsig", CUT - timedelta(seconds=1))
    (after,) = rows(trial, "adsig", CUT)

    assert before["VOIDFL"] == "N"
    assert (after["VOIDFL"], after["VOIDRSN"], after["VOIDID"]) == ("Y", "LATE", str(late.pk))
    assert after["HASH"] == before["HASH"]


def test_a_site_is_told_of_its_own_participants_and_the_study(trial):
    assert rows(trial, "adsig", CUT, sites=(trial.other_site.pk,)) == []
    assert rows(trial, "adsig", hour(28.9)) == []  # before it was signed
