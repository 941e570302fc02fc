"""The four ledgers: who writes in which, what is final, and where people disagree."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.roles import MAY, Act, Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import AlreadyCorrected, Forbidden, InvalidInput, KeyReused, NotFound
from grading.models import Episode, Grade, Judgement
from grading.selectors.ledgers import agreement_for, disagreements_for, ledgers_of
from grading.services.facts import record
from tests.builders import World, dose, draft, hour, kept, neuro, person, stay, vitals

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(world: World) -> World:
    """A fever in bed 12, grade 1."""
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6), world)
    return world


@pytest.fixture
def central(seen: World):
    with acting(by="test", reason="a reviewer"):
        return person("demo.central", seen.study, Role.CENTRAL)


def judgement(world: World, *, h: float = 5, about: str = "set", ledger: str = "nurse", **columns) -> Judgement:
    root = Grade.objects.get(kind="crs", participant=world.participant).root if about == "set" else None
    if about == "episode":
        root = Episode.objects.get(kind="crs", participant=world.participant).root
    said = {"about": about, "about_root": root, "kind": "crs", "ledger": ledger, "agrees": True}
    return draft(Judgement, world, h, **said | columns)


def otherwise(world: World, grade: int, **columns) -> Judgement:
    return judgement(world, agrees=False, grade=grade, because="bleeding", **columns)


def final_of(world: World) -> int:
    return ledgers_of(world.participant).of_episode(Episode.objects.get(kind="crs")).final


# --- what is kept ---


def test_a_judgement_leaves_everything_derived_as_it_was(seen):
    before = (list(Grade.objects.values()), list(Episode.objects.values()))

    kept(otherwise(seen, 3, ledger="investigator"), seen, by=seen.investigator)

    assert (list(Grade.objects.values()), list(Episode.objects.values())) == before


def test_a_judgement_costs_the_same_however_long_the_record_is(seen, django_assert_max_num_queries):
    for h in range(5, 30):
        kept(vitals(seen, h), seen)
    said = judgement(seen, h=31, about="episode")

    with django_assert_max_num_queries(12):
        kept(said, seen)


def test_the_derived_grade_that_was_judged_is_noted(seen):
    one = kept(otherwise(seen, 2), seen).fact

    assert one.derived_grade == 1


@pytest.mark.parametrize(
    ("field", "columns"),
    [
        ("grade", {"agrees": True, "grade": 2}),
        ("grade", {"agrees": False, "because": "bleeding"}),
        ("because", {"agrees": False, "grade": 2}),
        ("because", {"agrees": False, "grade": 2, "because": "  "}),
        ("about_root", {"about_root": uuid4()}),
        ("about_root", {"kind": "icans"}),
    ],
)
def test_a_judgement_that_says_nothing_clear_is_refused_at_its_field(seen, field, columns):
    with pytest.raises(InvalidInput) as refused:
        kept(judgement(seen, **columns), seen)

    assert list(refused.value.fields) == [field]
    assert not Judgement.objects.exists()


def test_a_set_of_another_participant_cannot_be_judged_here(seen):
    from regimens.models import Participant

    with acting(by="test", reason="another"):
        other = Participant.objects.create(study=seen.study, site=seen.site, number="DEMO-002", regimen=seen.regimen)
    with pytest.raises(InvalidInput):
        kept(judgement(seen, participant=other), seen)


@pytest.mark.parametrize(
    "bad",
    [
        {"agrees": True, "grade": 2},
        {"agrees": False, "grade": None, "because": "x"},
        {"agrees": False, "grade": 6, "because": "x"},
        {"agrees": False, "grade": 2, "because": ""},
        {"ledger": "sponsor"},
        {"about": "dose"},
        {"kind": "flu"},
    ],
    ids=str,
)
def test_the_database_refuses_it_too(seen, bad):
    one = kept(judgement(seen), seen).fact
    values = {f.attname: getattr(one, f.attname) for f in Judgement._meta.concrete_fields} | bad
    values["id"] = values["root"] = uuid4()

    with pytest.raises(IntegrityError, match="judgement_"), transaction.atomic():
        Judgement(**values).save()


def test_nobody_rewrites_a_judgement(seen):
    kept(judgement(seen), seen)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE grading_judgement SET agrees = false")


def test_the_same_judgement_twice_is_kept_once_and_another_body_is_refused(seen):
    said = judgement(seen)
    twin = judgement(seen, id=said.id)

    assert [kept(said, seen).replayed, kept(twin, seen).replayed] == [False, True]
    with pytest.raises(KeyReused):
        kept(otherwise(seen, 2, id=said.id), seen)


# --- who may ---

LEDGERS = {"nurse": Act.RECORD, "investigator": Act.JUDGE, "central": Act.ADJUDICATE}
PEOPLE = {
    "nurse": Role.NURSE, "charge_nurse": Role.CHARGE_NURSE, "investigator": Role.INVESTIGATOR,
    "data_manager": Role.DATA_MANAGER, "sponsor": Role.SPONSOR, "central": Role.CENTRAL,
}  # fmt: skip
ALLOWED = {("nurse", "nurse"), ("charge_nurse", "nurse"), ("investigator", "nurse"), ("investigator", "investigator"),
           ("central", "central")}  # fmt: skip


@pytest.mark.parametrize("ledger", LEDGERS)
@pytest.mark.parametrize("who", PEOPLE)
def test_each_writes_in_the_ledger_of_the_role(seen, central, who, ledger):
    by = central if who == "central" else getattr(seen, who)

    if (who, ledger) in ALLOWED:
        kept(judgement(seen, ledger=ledger), seen, by=by)
    else:
        with pytest.raises(Forbidden):
            kept(judgement(seen, ledger=ledger), seen, by=by)
    assert Judgement.objects.count() == ((who, ledger) in ALLOWED)


def test_a_stranger_finds_nothing_to_judge(seen):
    with pytest.raises(NotFound):
        kept(judgement(seen), seen, by=seen.outsider)


def test_the_central_reviewer_sees_no_ward_and_records_nothing():
    assert MAY[Role.CENTRAL] == {Act.SEE_STUDY, Act.ADJUDICATE}
    assert [role for role, acts in MAY.items() if Act.ADJUDICATE in acts] == [Role.CENTRAL]


def test_a_nurse_cannot_take_an_investigator_s_word_back_under_her_own_ledger(seen):
    theirs = kept(otherwise(seen, 3, ledger="investigator"), seen, by=seen.investigator).fact
    hers = judgement(seen, supersedes=theirs, reason="no", withdrawn=True)

    with pytest.raises(InvalidInput):
        kept(hers, seen)
    assert Judgement.objects.standing().get() == theirs


# --- what holds ---


def test_without_a_judgement_the_derived_grade_is_final(seen):
    assert final_of(seen) == 1


def test_a_nurse_s_word_is_shown_and_changes_nothing(seen):
    kept(otherwise(seen, 3, about="episode"), seen)

    assert final_of(seen) == 1


def test_an_investigator_s_grade_is_final_until_central_review_says_another(seen, central):
    kept(otherwise(seen, 3, about="episode", ledger="investigator"), seen, by=seen.investigator)
    assert final_of(seen) == 3
    kept(otherwise(seen, 2, about="episode", ledger="central"), seen, by=central)
    assert final_of(seen) == 2


def test_central_review_that_confirms_beats_an_override(seen, central):
    kept(otherwise(seen, 3, about="episode", ledger="investigator"), seen, by=seen.investigator)
    kept(judgement(seen, about="episode", ledger="central"), seen, by=central)

    assert final_of(seen) == 1


def test_an_override_to_no_crs_is_final_too(seen):
    kept(otherwise(seen, 0, about="episode", ledger="investigator"), seen, by=seen.investigator)

    assert final_of(seen) == 0


def test_the_newest_of_a_ledger_holds_however_late_an_older_one_comes(seen):
    by = {"by": seen.investigator, "at": hour(8)}
    kept(otherwise(seen, 3, h=8, about="episode", ledger="investigator"), seen, **by)
    late = otherwise(seen, 2, h=6, about="episode", ledger="investigator", reason="written down late")
    kept(late, seen, **by)

    assert final_of(seen) == 3


def test_a_judgement_taken_back_leaves_the_one_before(seen):
    kept(otherwise(seen, 3, h=5, about="episode", ledger="investigator"), seen, by=seen.investigator)
    second = kept(otherwise(seen, 2, h=6, about="episode", ledger="investigator"), seen, by=seen.investigator).fact
    undone = otherwise(seen, 2, h=7, about="episode", ledger="investigator", supersedes=second, withdrawn=True,
                       reason="a mistake")  # fmt: skip
    kept(undone, seen, by=seen.investigator)

    assert final_of(seen) == 3
    with pytest.raises(AlreadyCorrected):
        kept(otherwise(seen, 4, h=7, about="episode", ledger="investigator", supersedes=second, reason="again"), seen,
             by=seen.investigator)  # fmt: skip


def test_a_correction_of_the_set_keeps_its_judgement_and_says_what_was_judged(seen):
    kept(otherwise(seen, 2), seen)
    first = Grade.objects.get(kind="crs").fact_id
    from grading.models import VitalSigns

    kept(vitals(seen, 4, temperature_c=38.6, hypotension=True, reason="mistyped",
                supersedes=VitalSigns.objects.get(pk=first)), seen, at=hour(6))  # fmt: skip

    ledgers = ledgers_of(seen.participant).of_set(Grade.objects.get(kind="crs"))
    assert (ledgers.derived, ledgers.nurse.derived_grade, ledgers.is_stale(ledgers.nurse)) == (2, 1, True)
    assert not ledgers.is_disputed  # both say 2 now


# --- disagreement and agreement ---


def test_the_list_holds_those_who_say_another_grade_and_only_those(seen):
    kept(judgement(seen), seen)
    kept(otherwise(seen, 2, ledger="investigator"), seen, by=seen.investigator)

    [one] = disagreements_for(seen.nurse)

    assert (one.judgement.ledger, one.derived, one.judgement.grade) == ("investigator", 1, 2)


def test_who_changed_their_mind_disagrees_no_more(seen):
    kept(otherwise(seen, 2, h=5), seen)
    kept(judgement(seen, h=6), seen)

    assert disagreements_for(seen.nurse) == []


def test_a_stranger_s_list_is_empty_and_a_sponsor_has_none(seen):
    kept(otherwise(seen, 2), seen)
    with acting(by="test", reason="an investigator"):
        away = person("away", seen.study, Role.INVESTIGATOR, seen.other_site)

    with pytest.raises(Forbidden):
        disagreements_for(seen.sponsor)
    with pytest.raises(NotFound):  # a nurse of the other site, where nobody is enrolled
        disagreements_for(seen.outsider)
    assert len(disagreements_for(away)) == 1  # an investigator's scope is the study's sites


def test_kappa_by_site_and_ledger(seen):
    """Derived 1, 0, 0, 0 against nurse 1, 0, 0, 1: seen 1 of 4; expected (1x2x0 + 1x2x1 + 3x2x0 + 3x2x1) / 16."""
    for h in (10, 11, 12):
        kept(vitals(seen, h), seen)
    said = {hour(4): None, hour(10): None, hour(11): None, hour(12): 1}
    for at, grade in said.items():
        root = Grade.objects.get(kind="crs", observed_at=at).root
        word = {"agrees": True} if grade is None else {"agrees": False, "grade": grade, "because": "warm"}
        kept(draft(Judgement, seen, 13, about="set", about_root=root, kind="crs", ledger="nurse", **word), seen)

    [row] = agreement_for(seen.nurse)

    assert (row.site, row.ledger, row.pairs, row.agreeing) == (seen.site, "nurse", 4, 3)
    assert row.kappa == pytest.approx(1 - (1 / 4) / (8 / 16))


def test_what_cannot_be_told_is_no_pair(seen):
    kept(vitals(seen, 10, temperature_c=None, oxygen_device=None, spo2=None), seen)
    root = Grade.objects.get(kind="crs", observed_at=hour(10)).root
    assert Grade.objects.get(root=root).grade == -1
    kept(draft(Judgement, seen, 11, about="set", about_root=root, kind="crs", ledger="nurse", agrees=True), seen)

    assert agreement_for(seen.nurse) == []


# --- pages ---


def address(world: World, about: str = "set") -> str:
    of = Grade if about == "set" else Episode
    return reverse("judge", args=[world.participant.pk, about, of.objects.get(kind="crs").root])


def answer(**changes) -> dict[str, object]:
    said = {"id": str(uuid4()), "opened_at": timezone.now().isoformat(), "seen": "1", "agrees": "yes"}
    return said | changes


def text_of(page) -> str:
    return page.content.decode()


def test_the_participant_page_shows_four_ledgers_and_the_nurse_s_own_buttons(client, seen):
    client.force_login(seen.nurse)

    text = text_of(client.get(reverse("participant", args=[seen.participant.pk])))

    for said in ("Derived", "Nurse", "Investigator", "Central review", "Agree", "Say otherwise"):
        assert said in text
    assert "Override" not in text
    assert address(seen) in text
    assert address(seen, "episode") in text


def test_an_investigator_confirms_or_overrides(client, seen):
    client.force_login(seen.investigator)

    text = text_of(client.get(reverse("participant", args=[seen.participant.pk])))

    assert "Confirm" in text
    assert "Override" in text
    assert "Say otherwise" not in text


def test_who_only_reads_has_no_buttons(client, seen):
    client.force_login(seen.data_manager)

    text = text_of(client.get(reverse("participant", args=[seen.participant.pk])))

    assert "Derived" in text
    assert 'name="agrees"' not in text


@pytest.mark.parametrize("about", ["set", "episode"])
def test_a_nurse_agrees_with_one_tap(client, seen, about):
    client.force_login(seen.nurse)

    done = client.post(address(seen, about), answer())

    assert done["Location"] == reverse("participant", args=[seen.participant.pk])
    one = Judgement.objects.get()
    assert (one.about, one.ledger, one.agrees, one.recorded_by, one.source) == (
        about,
        "nurse",
        True,
        seen.nurse,
        "page",
    )
    assert "agrees" in text_of(client.get(done["Location"]))


def test_two_taps_are_one_judgement(client, seen):
    client.force_login(seen.nurse)
    once = answer()

    assert [client.post(address(seen), once).status_code for _ in range(2)] == [302, 302]
    assert Judgement.objects.count() == 1


def test_an_investigator_overrides_with_grade_and_reason(client, seen):
    client.force_login(seen.investigator)

    page = client.post(address(seen, "episode"), answer(agrees="no", grade="0", because="Sepsis"), follow=True)

    text = text_of(page)
    for said in ("Disagreement", "final: Grade 0", "Sepsis"):
        assert said in text
    assert (Judgement.objects.get().ledger, final_of(seen)) == ("investigator", 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agrees": "no", "because": "x"}, "grade"),
        ({"agrees": "no", "grade": "2"}, "because"),
        ({"agrees": "no", "grade": "6", "because": "x"}, "grade"),
        ({"agrees": "maybe"}, "agrees"),
        ({"seen": "3"}, "seen"),
        ({"opened_at": "2026-03-02T09:00:00Z"}, "opened_at"),
    ],
)
def test_an_unclear_answer_comes_back_with_what_is_wrong(client, seen, changes, field):
    client.force_login(seen.nurse)

    page = client.post(address(seen), answer(**changes))

    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert "Not saved yet" in text_of(page)
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("name", ["judge", "participant"])
def test_a_stranger_finds_no_page(client, seen, name):
    client.force_login(seen.outsider)
    page = address(seen) if name == "judge" else reverse(name, args=[seen.participant.pk])

    assert client.get(page).status_code == 404
    assert client.post(address(seen), answer()).status_code == 404
    assert client.get(reverse("disagreements")).status_code == 404


@pytest.mark.parametrize("who", ["sponsor", "data_manager"])
def test_who_may_not_judge_is_refused(client, seen, who):
    client.force_login(getattr(seen, who))

    assert client.get(address(seen)).status_code == 403
    assert client.post(address(seen), answer()).status_code == 403
    assert client.get(reverse("disagreements")).status_code == (403 if who == "sponsor" else 200)
    assert not Judgement.objects.exists()


def test_nobody_signed_out_judges(client, seen):
    assert client.get(address(seen)).status_code == client.get(reverse("disagreements")).status_code == 302


def test_there_is_nothing_else_to_judge(client, seen):
    client.force_login(seen.nurse)

    assert client.get(reverse("judge", args=[seen.participant.pk, "dose", uuid4()])).status_code == 404
    assert client.get(reverse("judge", args=[seen.participant.pk, "set", uuid4()])).status_code == 404


def test_the_central_reviewer_judges_without_seeing_the_ward(client, seen, central):
    client.force_login(central)
    kept(otherwise(seen, 3, ledger="investigator"), seen, by=seen.investigator)

    assert client.get(reverse("board"))["Location"] == reverse("disagreements")
    assert client.get(reverse("participant", args=[seen.participant.pk])).status_code == 403
    page = client.get(address(seen))
    assert page.status_code == 200
    assert "Bed 12" not in text_of(page)
    assert "7B" not in text_of(page)
    listed = text_of(client.get(reverse("disagreements")))
    assert "DEMO-001" in listed
    done = client.post(address(seen), answer(agrees="no", grade="2", because="Read again"))
    assert done["Location"] == address(seen)
    assert Judgement.objects.get(ledger="central").recorded_by == central


def test_the_list_page_tells_both_grades_and_that_kappa_is_not_defined(client, seen):
    kept(otherwise(seen, 3), seen)
    client.force_login(seen.charge_nurse)

    text = text_of(client.get(reverse("disagreements")))

    for said in ("DEMO-001", "Grade 1", "Nurse: Grade 3", "bleeding", "not defined"):
        assert said in text


def test_a_neuro_assessment_is_judged_too(client, seen):
    kept(neuro(seen, 5, ice_writing=False), seen)
    client.force_login(seen.nurse)
    root = Grade.objects.get(kind="icans").root

    assert client.post(reverse("judge", args=[seen.participant.pk, "set", root]), answer()).status_code == 302
    assert Judgement.objects.get().kind == "icans"


def test_it_is_recorded_at_the_moment_it_was_made(seen):
    with pytest.raises(InvalidInput):  # late, and nobody says why
        record(judgement(seen, h=5), by=seen.nurse, at=hour(5) + timedelta(hours=2))


# --- API ---


def test_a_judgement_comes_in_by_api_and_is_read_again(client, seen):
    client.force_login(seen.investigator)
    root = str(Episode.objects.get(kind="crs").root)
    body = {
        "id": str(uuid4()), "observed_at": timezone.now().isoformat(), "about": "episode", "about_root": root,
        "kind": "crs", "ledger": "investigator", "agrees": False, "says_grade": 2, "because": "Pressure fell",
    }  # fmt: skip
    there = f"/api/v1/participants/{seen.participant.pk}/judgements/"

    sent = client.post(there, body, content_type="application/json")

    assert (sent.status_code, sent.json()["grade"]) == (201, None)
    [told] = client.get(there).json()["results"]
    assert {name: told[name] for name in body if name != "observed_at"} == {
        name: value for name, value in body.items() if name != "observed_at"
    }
    assert final_of(seen) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"says_grade": 6}, "says_grade"), ({"ledger": "sponsor"}, "ledger"), ({"about": "dose"}, "about"),
     ({"says_grade": None}, "says_grade"), ({"because": ""}, "because"), ({"derived_grade": 3}, "derived_grade")],
)  # fmt: skip
def test_the_api_refuses_at_the_field(client, seen, changes, field):
    client.force_login(seen.nurse)
    body = {
        "id": str(uuid4()), "observed_at": timezone.now().isoformat(), "about": "set",
        "about_root": str(Grade.objects.get(kind="crs").root), "kind": "crs", "ledger": "nurse", "agrees": False,
        "says_grade": 2, "because": "x",
    }  # fmt: skip

    sent = client.post(
        f"/api/v1/participants/{seen.participant.pk}/judgements/", body | changes, content_type="application/json"
    )

    assert (sent.status_code, list(sent.json()["errors"])) == (400, [field])


@pytest.mark.parametrize(
    ("who", "ledger", "status"),
    [("nurse", "nurse", 201), ("nurse", "investigator", 403), ("investigator", "central", 403),
     ("data_manager", "nurse", 403), ("sponsor", "nurse", 403), ("outsider", "nurse", 404)],
)  # fmt: skip
def test_the_api_holds_each_to_the_own_ledger(client, seen, who, ledger, status):
    client.force_login(getattr(seen, who))
    body = {
        "id": str(uuid4()), "observed_at": timezone.now().isoformat(), "about": "set",
        "about_root": str(Grade.objects.get(kind="crs").root), "kind": "crs", "ledger": ledger, "agrees": True,
    }  # fmt: skip

    sent = client.post(f"/api/v1/participants/{seen.participant.pk}/judgements/", body, content_type="application/json")

    assert sent.status_code == status
