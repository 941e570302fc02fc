"""What is typed on a tablet is read there as the server's own form reads it after Save, in the same words."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from grading.bedside.forms.neuro import ICE_YES_NO, NeuroForm
from grading.bedside.forms.vitals import NUMBERS, VitalsForm
from grading.course.record import readings
from grading.rules.contract.tablet_facts import look_of, values_of
from grading.rules.contract.tablet_typed import typed_examination, typed_set
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.entry.limits import LIMITS
from grading.words.drug_names import VASOPRESSORS
from grading.words.entry_words import entry_text
from grading.words.wording import (
    CONSCIOUSNESS,
    DEVICES,
    ICE_UNABLE,
    ICP_SIGNS,
    INDICATIONS,
    MOTOR,
    NOT_DONE,
    OEDEMA,
    POSITIONS,
    SEIZURE,
)
from regimens.models import NeuroInstrument, Participant, Site
from regimens.rules.wristband import wristband

AT = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
COMMON = {"id": [str(uuid4())], "opened_at": [AT.isoformat()], "when": ["0"], "confirm_number": ["001"]}
OF_THE_FORM = ("id", "opened_at", "when", "confirm_number")


def form_of(form, fields, *, instrument=NeuroInstrument.ICE):
    participant = Participant(number="DEMO-001", site=Site(time_zone="Asia/Taipei"), neuro_instrument=instrument)
    posted = MultiValueDict(COMMON | fields)
    return form(posted, participant=participant, wristband=wristband("DEMO", "DEMO-001", []), at=AT)


def texts_of(form):
    return {name: " ".join(errors) for name, errors in form.errors.items() if name not in OF_THE_FORM}


def texts_typed(look):
    """What is said at each field, one thing after the other."""
    texts = {}
    for fault in look.faults:
        texts.setdefault(fault.field, []).append(entry_text(fault.code, fault.values))
    return {field: " ".join(each) for field, each in texts.items()}


NUMBER = st.sampled_from([
    "", " ", "38.4", "38,40", "３８．５", "38。5", "0", "0.97", "101", "384", "85", "300.5", "61", "007", "1,200",
    "38.", ".5", "x", "38.4444", "123456789", "-5", "25",
])  # fmt: skip
NOT_DONE_REASON = st.sampled_from(["", *NOT_DONE])


def one_of(words):
    return st.sampled_from(["", "no such", *words])


def several_of(words):
    return st.lists(st.sampled_from(["none", *words]), max_size=3, unique=True)


def posted(**fields):
    """Every field, each with one text or several."""
    return st.fixed_dictionaries(
        {name: texts if texts is SEVERAL_AGENTS or texts is SEVERAL_SIGNS else texts.map(lambda one: [one])
         for name, texts in fields.items()}
    )  # fmt: skip


SEVERAL_AGENTS, SEVERAL_SIGNS = several_of(VASOPRESSORS), several_of(ICP_SIGNS)
CHECKED = st.sampled_from(["", "on"])
SET = posted(
    **dict.fromkeys((*LIMITS, "fluid_bolus_ml"), NUMBER),
    **{f"again_{name}": st.sampled_from(["", "38.4", "85"]) for name in ("temperature_c", "sbp")},
    **{f"not_done_{name}": NOT_DONE_REASON for name in (*NUMBERS, "oxygen_device", "vasopressors", "hypotension")},
    oxygen_device=one_of(DEVICES),
    position=one_of(POSITIONS),
    oxygen_indication=one_of(INDICATIONS),
    hypotension=one_of(["yes", "no"]),
    fluid_bolus=one_of(["yes", "no"]),
    pressure_unrecordable=CHECKED,
    vasopressors=SEVERAL_AGENTS,
    vasopressor_other=st.sampled_from(["", "none", "levophed; adrenaline", "saline", "a" * 61, "b" * 121]),
)
EXAMINATION = posted(
    **{name: one_of(["yes", "no"]) for name in ICE_YES_NO},
    **{f"not_done_{name}": NOT_DONE_REASON for name in ("ice", "consciousness", "icp_signs")},
    ice_naming=one_of("0123"),
    capd_score=st.sampled_from(["", "0", "9", "33", "8.5", "100", "x"]),
    ice_unable_reason=one_of(ICE_UNABLE),
    consciousness=one_of(CONSCIOUSNESS),
    seizure=one_of(SEIZURE),
    motor=one_of(MOTOR),
    oedema=one_of(OEDEMA),
    icp_signs=SEVERAL_SIGNS,
    intracranial_haemorrhage=CHECKED,
)


def unticked(fields):
    """A browser posts no box that is not ticked, and no list of none."""
    return {name: texts for name, texts in fields.items() if texts not in ([], [""]) or name not in TICKED}


TICKED = ("pressure_unrecordable", "intracranial_haemorrhage", "vasopressors", "icp_signs")


@given(SET, st.sampled_from(["en", "zh-hant"]))
def test_a_set_is_read_as_its_form_reads_it(fields, language):
    fields = unticked(fields)
    with override(language):
        form = form_of(VitalsForm, fields)
        draft, look = form.draft_so_far(), typed_set(fields)

        assert look_of("crs", look.seen) == readings.crs_inputs(draft)
        assert values_of(look.beside) == {
            name: readings.exact(getattr(draft, name)) for name in ("heart_rate", "respiratory_rate")
        }
        assert look.retyped == draft.retyped
        assert at_known_fields(texts_typed(look), fields) == at_known_fields(texts_of(form), fields)


@given(EXAMINATION, st.sampled_from(list(NeuroInstrument)))
def test_an_examination_is_read_as_its_form_reads_it(fields, instrument):
    fields, pediatric = unticked(fields), instrument == NeuroInstrument.CAPD
    form = form_of(NeuroForm, fields, instrument=instrument)
    draft, look = form.draft_so_far(), typed_examination(fields, pediatric=pediatric)

    assert look_of("icans", look.seen) == readings.icans_inputs(draft, pediatric=pediatric)
    assert at_known_fields(texts_typed(look), fields) == at_known_fields(texts_of(form), fields)


def at_known_fields(texts, fields):
    """Without answers that the page does not offer, and texts longer than its box: only a forger sends them."""
    forged = {name for name, values in fields.items() if "no such" in values or any(len(one) > 120 for one in values)}
    return {name: text for name, text in texts.items() if name not in forged}


@pytest.mark.parametrize("look", [CrsInputs()])
def test_an_empty_form_is_a_set_of_which_nothing_was_looked_at(look):
    assert look_of("crs", typed_set({}).seen) == look
