"""Many shifts at once by page: a pattern, a week copied, a file with its dry run; and a shift handed over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting.services.on_call.rota import put_on
from grading.models import RotaShift
from grading.rules.alerting.on_call.rota import OnCallRole
from tests.alerting.staffed import ESCALATION_STEPS, set_steps

pytestmark = pytest.mark.django_db
HEADER = "role,person,starts_at,ends_at\n"
NIGHT = HEADER + "charge_nurse,demo.charge,2026-03-02T20:00,2026-03-03T08:00\n"


@pytest.fixture
def as_(client, world):
    """The client, signed in as one of the world's people."""

    def sign_in(who: str):
        client.raise_request_exception = False
        client.force_login(getattr(world, who))
        return client

    return sign_in


def address(world, name: str = "rota_plan", *more) -> str:
    return reverse(name, args=[world.study.code, world.site.code, *more])


def pattern(**changes):
    typed = {
        "repeat": "", "on_call_role": "charge_nurse", "people": "demo.charge", "turns": "week",
        "weekdays": ["0", "1", "2", "3", "4", "5", "6"], "starts": "08:00", "ends": "20:00",
        "first": "2026-03-02", "last": "2026-03-15",
    }  # fmt: skip
    return typed | changes


def kept_shifts() -> list[tuple[str, str, datetime, datetime]]:
    rows = RotaShift.objects.filter(called_off=False).order_by("starts_at", "pk")
    return [(row.on_call_role, row.person.username, row.starts_at, row.ends_at) for row in rows]


@pytest.mark.parametrize(
    ("who", "status"),
    [("nurse", 403), ("charge_nurse", 302), ("data_manager", 302), ("sponsor", 404), ("outsider", 404)],
)
def test_who_plans_the_rota(as_, world, who, status):
    assert as_(who).get(address(world)).status_code == (200 if status == 302 else status)
    assert as_(who).post(address(world), pattern()).status_code == status
    assert RotaShift.objects.count() == (14 if status == 302 else 0)


def test_a_page_that_was_only_opened_says_nothing_is_wrong(as_, world):
    page = as_("charge_nurse").get(address(world)).content.decode()

    assert "wrong" not in page[page.index("<main") : page.index("</main")]
    assert page.count("Tuesday") == 1


def test_a_pattern_is_kept_as_the_shifts_of_the_site_once(as_, world):
    """Taipei is 8 h ahead of UTC all year."""
    for _ in range(2):
        assert as_("charge_nurse").post(address(world), pattern()).status_code == 302

    shifts = kept_shifts()
    assert len(shifts) == 14
    hours = (datetime(2026, 3, 2, 0, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert shifts[0] == ("charge_nurse", "demo.charge", *hours)


def test_people_take_turns_in_the_order_that_was_typed(as_, world):
    as_("charge_nurse").post(address(world), pattern(people="demo.charge，demo.investigator", turns="day"))

    assert [person for _, person, _, _ in kept_shifts()][:3] == ["demo.charge", "demo.investigator", "demo.charge"]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"people": "demo.charge, demo.sponsor"}, "people", "Nobody here who may answer alerts: demo.sponsor"),
        ({"people": " "}, "people", "This field is required."),
        ({"starts": "25:00"}, "starts", "A time of day, such as 08:00."),
        ({"last": "2026-03-01"}, "last", "The last day is before the first."),
        ({"last": "2027-03-03"}, "last", "At most one year at a time."),
        ({"first": "x"}, "first", "Enter a valid date."),
        ({"on_call_role": "king"}, "on_call_role", "Select a valid choice."),
    ],
)
def test_what_is_no_pattern_is_refused_at_its_field(as_, world, typed, field, sentence):
    answer = as_("charge_nurse").post(address(world), pattern(**typed))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page[page.index(f'id="repeat_{field}_wrong"') :]
    assert not RotaShift.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"weekdays": []}, "This field is required."),
        ({"weekdays": ["9"]}, "Select a valid choice."),
        ({"weekdays": ["5"], "last": "2026-03-03"}, "None of these days lies between the first and the last."),
    ],
)
def test_a_pattern_without_a_day_is_refused(as_, world, typed, sentence):
    answer = as_("charge_nurse").post(address(world), pattern(**typed))

    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_a_week_is_copied_into_the_weeks_after_it(as_, world):
    client = as_("charge_nurse")
    client.post(address(world), pattern(last="2026-03-03"))  # Monday and Tuesday

    # Any day of the week names it.
    assert client.post(address(world), {"copy": "", "monday": "2026-03-05", "weeks": "2"}).status_code == 302

    assert [start.date().isoformat() for _, _, start, _ in kept_shifts()] == [
        "2026-03-02", "2026-03-03", "2026-03-09", "2026-03-10", "2026-03-16", "2026-03-17"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("monday", "weeks", "sentence"),
    [
        ("2026-04-06", "1", "No shift begins in this week."), ("", "1", "This field is required."),
        ("2026-03-02", "13", "less than or equal to 12"), ("9999-12-31", "1", "Enter a valid date."),
    ],
)  # fmt: skip
def test_a_week_that_cannot_be_copied(as_, world, monday, weeks, sentence):
    answer = as_("charge_nurse").post(address(world), {"copy": "", "monday": monday, "weeks": weeks})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()


# --- A file -----------------------------------------------------------------------------------------------------


def upload(client, world, text: str | bytes):
    raw = text if isinstance(text, bytes) else text.encode()
    return client.post(address(world), {"load": "", "file": SimpleUploadedFile("rota.csv", raw)})


def test_a_file_is_tried_first_and_added_once(as_, world):
    client = as_("charge_nurse")

    tried = upload(client, world, NIGHT).content.decode()
    assert "1 shift would be added." in tried
    assert not RotaShift.objects.exists()
    for _ in range(2):
        assert client.post(address(world), {"load": "", "sure": "1", "text": NIGHT}).status_code == 302
    [(_, person, starts_at, _)] = kept_shifts()
    assert (person, starts_at) == ("demo.charge", datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert "On the rota already: 1." in upload(client, world, NIGHT).content.decode()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("king,demo.charge,2026-03-02T20:00,2026-03-03T08:00", "Line 2, role: No such role."),
        ("charge_nurse,demo.sponsor,2026-03-02T20:00,2026-03-03T08:00", "Line 2, person: This person may not answer"),
        ("charge_nurse,demo.charge,2026-03-02,2026-03-03T08:00", "Line 2, starts_at: A day and a time, such as"),
        ("charge_nurse,demo.charge,0001-01-01T00:00+14:00,2026-03-03T08:00", "Line 2, starts_at: A day and a time,"),
        ("charge_nurse,demo.charge,2026-03-02T20:00,2026-03-02T08:00", "Line 2, ends_at: A shift ends after it"),
        ("charge_nurse,demo.charge,2026-03-02T20:00", "Line 2 has 3 cells; the header has 4."),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_saved(as_, world, line, sentence):
    answer = upload(as_("charge_nurse"), world, HEADER + line + "\n" + NIGHT.removeprefix(HEADER))

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not RotaShift.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"a,b\n1,2\n"])
def test_what_is_no_file_of_shifts_is_refused(as_, world, raw):
    assert upload(as_("charge_nurse"), world, raw).status_code == 400


def test_the_file_of_the_rota_can_be_loaded_again(as_, world):
    client = as_("charge_nurse")
    now = timezone.now()
    first, last = ((now + timedelta(days=days)).date().isoformat() for days in (1, 5))
    client.post(address(world), pattern(first=first, last=last))
    before = kept_shifts()

    text = client.get(address(world, "rota_csv")).content.decode()
    with acting(by="test", reason="lost"):
        RotaShift.objects.update(called_off=True)
    client.post(address(world), {"load": "", "sure": "1", "text": text})

    assert kept_shifts() == before
    assert as_("outsider").get(address(world, "rota_csv")).status_code == 404


# --- Hand over and swap -----------------------------------------------------------------------------------------


@pytest.fixture
def shifts(world):
    """The charge nurse's shift runs for two hours already; the investigator's begins when it ends."""
    now = timezone.now().replace(second=0, microsecond=0)
    hours = [(world.charge_nurse, -2, 10), (world.investigator, 10, 22)]
    return [
        put_on(
            world.study, world.site, on_call_role=OnCallRole.CHARGE_NURSE, person=person,
            starts_at=now + timedelta(hours=start), ends_at=now + timedelta(hours=end), by=world.charge_nurse,
        )
        for person, start, end in hours
    ]  # fmt: skip


def test_a_running_shift_that_is_handed_over_stays_hers_up_to_now(as_, world, shifts):
    running, _ = shifts
    answer = as_("charge_nurse").post(
        address(world, "shift_change", running.pk), {"person": str(world.investigator.pk)}
    )

    assert answer.status_code == 302
    mine, hers, _ = kept_shifts()
    assert (mine[1], mine[2], hers[1], hers[3]) == (
        "demo.charge", running.starts_at, "demo.investigator", running.ends_at)  # fmt: skip
    assert mine[3] == hers[2]  # no hole and no minute twice
    assert abs(mine[3] - timezone.now()) < timedelta(minutes=1)


def test_two_shifts_change_persons(as_, world, shifts):
    with acting(by="test", reason="both lie ahead"):
        RotaShift.objects.filter(pk=shifts[0].pk).update(starts_at=timezone.now() + timedelta(hours=1))
    client = as_("charge_nurse")

    assert client.post(address(world, "shift_change", shifts[0].pk), {"other": shifts[1].pk}).status_code == 302

    assert [person for _, person, _, _ in kept_shifts()] == ["demo.investigator", "demo.charge"]
    assert client.post(address(world, "shift_change", shifts[0].pk), {"other": shifts[1].pk}).status_code == 404


@pytest.mark.parametrize(
    "typed", [{}, {"person": "9" * 20}, {"person": "x", "other": ""}, {"other": "\x00"}, {"person": "both"}]
)
def test_what_is_no_hand_over_is_refused(as_, world, shifts, typed):
    if typed.get("person") == "both":
        typed = {"person": str(world.investigator.pk), "other": str(shifts[1].pk)}
    before = kept_shifts()

    assert as_("charge_nurse").post(address(world, "shift_change", shifts[0].pk), typed).status_code == 400
    assert kept_shifts() == before


@pytest.mark.parametrize("who", ["sponsor", "data_manager", "outsider"])
def test_nobody_takes_a_shift_who_may_not_answer_here(as_, world, shifts, who):
    typed = {"person": str(getattr(world, who).pk)}

    assert as_("charge_nurse").post(address(world, "shift_change", shifts[0].pk), typed).status_code == 400


def test_who_may_hand_over(as_, world, shifts):
    page = address(world, "shift_change", shifts[0].pk)

    assert [as_(who).get(page).status_code for who in ("charge_nurse", "nurse", "outsider")] == [200, 403, 404]


# --- Now and next -----------------------------------------------------------------------------------------------


def test_the_page_says_who_is_on_now_and_who_is_next(as_, world, shifts):
    set_steps(world, ESCALATION_STEPS[1], ESCALATION_STEPS[0])

    page = as_("nurse").get(address(world, "rota")).content.decode()
    section = page[page.index('id="rota-now"') : page.index('id="rota-shifts"')]

    assert section.index("demo.charge") < section.index("demo.investigator")
    assert section.count("Nobody") == 2  # the assigned nurse, now and next
