"""The rota of a site by page, and what an alert's page and API take beyond "I am going"."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting.services.on_call.rota import put_on
from grading.models import Alert, AlertState, RotaShift
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.models import Membership, Participant, Site
from tests.alerting.staffed import ESCALATION_STEPS, LOW, has_channel, lose, set_steps
from tests.builders import dose, kept, neuro, stay, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
WARD = ["nurse", "charge_nurse", "investigator"]
JUNK = ["", "x", "\x00", "9" * 30, "2026-13-45T99:99", "0001-01-01T00:00", "9999-12-31T23:59", "<b>"]


@pytest.fixture
def as_(client, world):
    """The client, signed in as one of the world's people."""

    def sign_in(who: str):
        client.raise_request_exception = False
        client.force_login(getattr(world, who))
        return client

    return sign_in


def rota(world, site=None) -> str:
    return reverse("rota", args=[world.study.code, (site or world.site).code])


@stage
def paris(world):
    """A participant at the other site, so that the study is there too."""
    with acting(by="test", reason="enrolled"):
        Participant.objects.create(study=world.study, site=world.other_site, number="DEMO-002", regimen=world.regimen)


def shift(world, **changes) -> dict[str, str]:
    typed = {"on_call_role": "charge_nurse", "person": str(world.charge_nurse.pk)}
    return typed | {"starts_at": "2026-03-02T08:00", "ends_at": "2026-03-02T20:00"} | changes


# --- The rota ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("nurse", 200, 403), ("charge_nurse", 200, 302), ("investigator", 200, 302), ("data_manager", 200, 302),
        ("sponsor", 404, 404), ("outsider", 404, 404),
    ],
)  # fmt: skip
def test_who_sees_and_who_changes_the_rota(as_, world, who, reads, writes):
    assert as_(who).get(rota(world)).status_code == reads
    assert as_(who).post(rota(world), shift(world)).status_code == writes
    assert RotaShift.objects.count() == (1 if writes == 302 else 0)


def test_the_bar_leads_to_the_rota_of_whom_it_is_for(as_, world, paris):
    link = f'href="{reverse("rotas")}"'

    assert link in as_("nurse").get(reverse("board")).content.decode()
    assert as_("nurse").get(reverse("rotas"))["Location"] == rota(world)
    assert as_("investigator").get(reverse("rotas")).content.decode().count("/rota/DEMO/") == 2
    assert link not in as_("sponsor").get(reverse("exports")).content.decode()
    assert as_("sponsor").get(reverse("rotas")).status_code == 404


def test_a_shift_is_kept_as_the_instants_of_the_site(as_, world):
    """Taipei is 8 h ahead of UTC all year."""
    as_("charge_nurse").post(rota(world), shift(world))

    [kept_one] = RotaShift.objects.all()
    assert (kept_one.starts_at, kept_one.ends_at) == (
        datetime(2026, 3, 2, 0, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC))  # fmt: skip


def test_the_rota_is_made_before_the_first_participant(as_, world):
    """A ward is staffed first: somebody works at the site, and nobody was enrolled there yet."""
    with acting(by="test", reason="a new site"):
        site = Site.objects.create(code="NEW", name="New", country="TWN", time_zone="Asia/Taipei")
        Membership.objects.create(study=world.study, site=site, user=world.charge_nurse, role="charge_nurse")

    assert as_("charge_nurse").get(rota(world, site)).status_code == 200
    assert as_("charge_nurse").post(rota(world, site), shift(world)).status_code == 302
    assert as_("outsider").get(rota(world, site)).status_code == 404


@pytest.mark.parametrize(
    ("clock", "message"),
    [
        ("2026-03-29T02:30", "The clocks skipped this time: there was no such minute."),
        ("2026-10-25T02:30", "The clocks were put back: this time came twice. Say which of the two."),
    ],
)
def test_a_time_that_names_no_one_instant_is_refused_at_its_field(as_, world, paris, clock, message):
    typed = shift(world, person=str(world.outsider.pk), starts_at=clock, ends_at="2026-12-01T00:00")

    answer = as_("investigator").post(rota(world, world.other_site), typed)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert message in page[page.index('id="id_starts_at_wrong"') :]
    assert not RotaShift.objects.exists()


# 25 October 2026, 02:30 in Paris: first at +02:00, then at +01:00
@pytest.mark.parametrize(("turn", "starts_at"), [("1", "2026-10-25T00:30Z"), ("2", "2026-10-25T01:30Z")])
def test_a_shift_that_begins_in_the_hour_that_comes_twice_says_which(as_, world, paris, turn, starts_at):
    typed = shift(world, person=str(world.outsider.pk), starts_at="2026-10-25T02:30", ends_at="2026-12-01T00:00")

    html = as_("investigator").post(rota(world, world.other_site), typed).content.decode()
    answer = as_("investigator").post(rota(world, world.other_site), typed | {"starts_at_turn": turn})

    assert "the first, before the clocks were put back (+02:00)" in html
    assert "the second, after it (+01:00)" in html
    assert answer.status_code == 302
    assert RotaShift.objects.get().starts_at == datetime.fromisoformat(starts_at)


@pytest.mark.parametrize("field", ["on_call_role", "person", "starts_at", "ends_at"])
@pytest.mark.parametrize("junk", JUNK)
def test_what_is_no_shift_is_refused(as_, world, field, junk):
    assert as_("charge_nurse").post(rota(world), shift(world, **{field: junk})).status_code == 400
    assert not RotaShift.objects.exists()


def test_a_shift_ends_after_it_starts_and_is_of_somebody_who_may_answer_here(as_, world):
    client = as_("charge_nurse")

    assert "A shift ends after it starts." in client.post(
        rota(world), shift(world, ends_at="2026-03-02T08:00")).content.decode()  # fmt: skip
    for nobody in (world.outsider, world.sponsor, world.data_manager):
        assert client.post(rota(world), shift(world, person=str(nobody.pk))).status_code == 400
    assert not RotaShift.objects.exists()


@stage
def tonight(world) -> RotaShift:
    """The charge nurse's next twelve hours; her own address is tested."""
    has_channel(world.charge_nurse)
    now = timezone.now().replace(second=0, microsecond=0)
    return put_on(
        world.study, world.site, on_call_role=OnCallRole.CHARGE_NURSE, person=world.charge_nurse,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=12), by=world.charge_nurse,
    )  # fmt: skip


def test_gaps_of_the_steps_and_people_without_two_channels_are_told(as_, world, tonight):
    set_steps(world, *ESCALATION_STEPS[:2])

    page = as_("nurse").get(rota(world)).content.decode()

    assert page.count("Nobody is charge nurse from") == page.count("Nobody is assigned nurse from") == 1
    assert "Nobody is back-up" not in page
    assert "demo.charge has no two tested channels." in page


@pytest.mark.parametrize(
    ("lost", "why"),
    [
        ("account", "the account is deactivated"), ("membership", "no longer of this site"),
        ("channel", "no tested channel"),
    ],
)  # fmt: skip
def test_who_cannot_be_called_is_a_gap_where_gaps_are_told(as_, world, tonight, lost, why):
    set_steps(world, *ESCALATION_STEPS[1:2])
    stay_page = reverse("stay", args=[world.participant.pk])
    for address in (rota(world), stay_page):
        assert as_("nurse").get(address).content.decode().count("Nobody is charge nurse from") == 1  # after tonight
    lose(world.charge_nurse, lost)

    for address in (rota(world), stay_page):
        page = as_("nurse").get(address).content.decode()
        assert f"demo.charge cannot be called and counts as nobody: {why}." in page
        assert page.count("Nobody is charge nurse from") == 1  # all seven days, in one
        assert "demo.charge has no two tested channels" not in page


def test_without_steps_the_page_says_so(as_, world):
    assert "This study has no escalation steps" in as_("nurse").get(rota(world)).content.decode()


def test_gaps_are_told_where_a_participant_is_admitted_and_stop_nobody(as_, world):
    set_steps(world, *ESCALATION_STEPS[:2])
    address = reverse("stay", args=[world.participant.pk])

    assert "Nobody is charge nurse from" in as_("nurse").get(address).content.decode()


def test_a_shift_is_called_off_once(as_, world, tonight):
    off = reverse("shift_off", args=[world.study.code, world.site.code, tonight.pk])

    assert as_("nurse").post(off).status_code == 403
    assert as_("outsider").post(off).status_code == 404
    assert as_("charge_nurse").get(off).status_code == 405
    assert [as_("charge_nurse").post(off).status_code for _ in range(2)] == [302, 404]
    assert "demo.charge has no" not in as_("nurse").get(rota(world)).content.decode()


@pytest.mark.parametrize("path", ["/rota/NONE/NONE/", "/rota/%00/%00/", "/rota/DEMO/DEMO-PAR/", "/rota/DEMO/%00/"])
def test_a_place_that_is_not_there_for_her(as_, world, path):
    assert as_("charge_nurse").get(path).status_code == 404
    assert as_("charge_nurse").post(path, shift(world)).status_code == 404
    assert as_("charge_nurse").post(f"{path}{'9' * 20}/off/").status_code == 404


# --- One alert --------------------------------------------------------------------------------------------------


@stage
def alert(world) -> Alert:
    """Grade 2, now."""
    now = timezone.now() - timedelta(minutes=1)
    for fact in (stay(world, observed_at=now), dose(world, observed_at=now), neuro(world, 0, observed_at=now)):
        kept(fact, world)
    [raised] = kept(vitals(world, 0, observed_at=now, **LOW), world).alerts
    return raised


def answer(alert: Alert) -> str:
    return reverse("answer_alert", args=[alert.pk])


@pytest.mark.parametrize("who", WARD)
def test_a_clinician_at_the_bedside_acts_on_it(as_, alert, who):
    page = as_(who).post(answer(alert), {"what": "at_bedside"}, follow=True).content.decode()

    alert.refresh_from_db()
    assert alert.state == AlertState.ACTED_ON
    assert "Acted on" in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Say what becomes of it."),
        ({"what": "declined"}, "Say why."),
        ({"what": "snooze", "because": "asleep"}, "Say for how long."),
        ({"what": "snooze", "minutes": "10"}, "Say why."),
    ],
)
def test_what_is_missing_is_told_at_its_field(as_, alert, typed, message):
    refused = as_("nurse").post(answer(alert), typed)

    assert refused.status_code == 400
    assert message in refused.content.decode()
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


@pytest.mark.parametrize("field", ["what", "because", "minutes"])
@pytest.mark.parametrize("junk", JUNK[1:])
def test_junk_breaks_nothing(as_, alert, field, junk):
    typed = {"what": "snooze", "because": "asleep", "minutes": "10"} | {field: junk}

    assert as_("nurse").post(answer(alert), typed).status_code in (302, 400)


def test_it_may_wait_and_says_until_when(as_, alert):
    typed = {"what": "snooze", "because": "with her now", "minutes": "10"}
    page = as_("nurse").post(answer(alert), typed, follow=True).content.decode()

    assert "Silent until" in page
    assert "May wait: with her now" in page


@pytest.mark.parametrize(("who", "status"), [("data_manager", 403), ("sponsor", 404), ("outsider", 404)])
def test_others_say_nothing_about_it(as_, alert, who, status):
    assert as_(who).post(answer(alert), {"what": "at_bedside"}).status_code == status
    for noun, body in (("act", {"action": "at_bedside"}), ("snooze", {}), ("acknowledge", {})):
        address = reverse(f"api-alert-{noun}", args=[alert.pk])
        assert as_(who).post(address, body, content_type="application/json").status_code == status
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


def test_what_was_on_the_screen_is_seen(as_, alert):
    ids = [str(alert.pk), "junk", str(uuid.uuid4())]

    assert as_("outsider").post(reverse("alerts_seen"), {"alert": ids}).status_code == 204
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN
    assert as_("nurse").post(reverse("alerts_seen"), {"alert": ids}).status_code == 204
    alert.refresh_from_db()
    assert alert.state == AlertState.SEEN


def test_the_page_lists_the_calls(as_, alert):
    page = as_("nurse").get(reverse("alert", args=[alert.pk])).content.decode()

    assert "3 people told" in page


# --- API --------------------------------------------------------------------------------------------------------


def post(client, noun: str, alert: Alert, body: dict):
    return client.post(reverse(f"api-alert-{noun}", args=[alert.pk]), body, content_type="application/json")


def test_the_api_says_who_goes_until_when_and_what_was_done(as_, alert, world):
    nurse = as_("nurse")

    refused = post(nurse, "acknowledge", alert, {"responder": "demo.outsider"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["responder"])
    answer = post(nurse, "acknowledge", alert, {"responder": "demo.investigator"}).json()
    assert (answer["acknowledged_by"], answer["responder"]) == ("demo.nurse", "demo.investigator")
    lapses = datetime.fromisoformat(answer["lapses_at"]) - datetime.fromisoformat(answer["acknowledged_at"])
    assert (lapses, answer["escalate_at"]) == (timedelta(minutes=30), None)

    assert post(nurse, "act", alert, {"action": "declined"}).status_code == 400
    assert post(nurse, "act", alert, {"action": "treatment"}).status_code == 400
    done = post(nurse, "act", alert, {"action": "declined", "because": "comfort care"}).json()
    assert (done["state"], done["lapses_at"]) == ("acted_on", None)
    late = post(nurse, "snooze", alert, {"until": (timezone.now() + timedelta(hours=1)).isoformat(), "because": "x"})
    assert late.status_code == 409


def test_the_api_is_silent_for_a_while(as_, alert):
    until = timezone.now() + timedelta(minutes=20)

    answer = post(as_("nurse"), "snooze", alert, {"until": until.isoformat(), "because": "with her now"}).json()

    assert datetime.fromisoformat(answer["snoozed_until"]) == datetime.fromisoformat(answer["escalate_at"]) == until
    assert post(as_("nurse"), "snooze", alert, {"until": until.isoformat()}).status_code == 400


def test_the_api_marks_what_was_seen(as_, alert):
    body = {"alerts": [str(alert.pk), str(uuid.uuid4())]}
    assert as_("nurse").post(reverse("api-alerts-seen"), body, content_type="application/json").status_code == 204
    assert as_("nurse").get(reverse("api-alert", args=[alert.pk])).json()["state"] == "seen"
    junk = as_("nurse").post(reverse("api-alerts-seen"), {"alerts": ["junk"]}, content_type="application/json")
    assert junk.status_code == 400
