"""What stands on a downtime sheet, who sees one, when one is made, and how many are kept."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from crsmonitor.audit.acting import acting
from grading.downtime.content import sheet_of
from grading.downtime.facts import facts_of, in_care
from grading.downtime.making import EVERY, due, make, make_due
from grading.downtime.tasks import downtime_sheets
from grading.models import DowntimeSheet, PhoneTree
from regimens.models import Study
from tests.bedside.posted import text_of
from tests.builders import build_world, kept, neuro, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage
def febrile(dosed):
    """Grade 2 since an hour and a half, a neuro assessment before, and a phone tree."""
    now = timezone.now()
    set_at, look_at = now - timedelta(minutes=90), now - timedelta(minutes=100)
    low = {"temperature_c": 38.6, "sbp": 85, "spo2": 94, "hypotension": True, "observed_at": set_at}
    kept(vitals(dosed, 0, **low | {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2}), dosed)
    kept(neuro(dosed, 0, observed_at=look_at, ice_writing=False), dosed)
    with acting(by="test", reason="a test"):
        PhoneTree.objects.create(study=dosed.study, text="1. Investigator on call: ext. 5678")
    return dosed


def text(pdf) -> str:
    pages = [page.extract_text() for page in PdfReader(BytesIO(bytes(pdf))).pages]
    return re.sub(r"\s+", " ", " ".join(pages))


def of(world, *, at=None):
    return make(in_care().get(pk=world.participant.pk), at=at or timezone.now())


# --- What is on it ------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.req("R27")
def test_the_sheet_says_who_how_bad_since_when_and_what_is_to_be_done(febrile):
    words = text(of(febrile).pdf)

    for phrase in (
        "DEMO-001", "Bed 12", "7B", "end in 001", "dose 1", "STEP-UP 1",  # who, the second identifier, the dose
        "Grade 2", "episode since", "CRS grade 2", "Nobody has answered yet",  # grade, since when, open alert
        "38.6", "85/70", "Nasal cannula 2 L/min", "9/10",  # last sets
        "Due in the next 24 h", "ext. 5678", "Tocilizumab threshold met", "25 to 45",  # plan, phones, policy, limits
        "As of", "Asia/Taipei +08:00", "ASTCT 2019", "threshold policy v1", "page 1 of", "no bedside alarm",
        "Follows a command", "ICE /10", "Bolus y/n", "Second person",  # the empty rows
    ):  # fmt: skip
        assert phrase in words, phrase


def test_each_kind_of_row_has_a_square_that_opens_its_form(febrile):
    participant = in_care().get(pk=febrile.participant.pk)
    tables = sheet_of(facts_of(participant, at=timezone.now()), at=timezone.now()).blanks

    squares = [table.square for table in tables]

    assert [re.search(r"/paper/(\w+)/", one)[1] for one in squares] == ["vitals", "neuro", "treatment", "dose"]
    assert all(table.blank for table in tables)
    assert not any("DEMO" in one for one in squares)


def test_what_is_planned_for_the_next_day_is_on_it(dosed):
    """Vital signs every 4 h for 24 h of which 6 h are over: due at 4 h (nobody looked), 8, 12, 16, 20 and 24 h."""
    facts = facts_of(in_care().get(pk=dosed.participant.pk), at=timezone.now())

    hours = [round((due - facts.row.dose_at).total_seconds() / 3600) for due, kind in facts.due if kind == "vitals"]
    assert hours[0] == 4
    assert {8, 12, 16, 20} <= set(hours)


@pytest.mark.long
def test_in_a_blinded_study_paper_tells_no_step(febrile):
    assert "STEP-UP 1" in text(of(febrile).pdf)
    with acting(by="test", reason="blinded"):
        Study.objects.filter(pk=febrile.study.pk).update(blinded=True)

    words = text(of(febrile, at=timezone.now() + timedelta(seconds=1)).pdf)
    assert "STEP-UP 1" not in words
    assert "dose 1" in words  # when, not what


@pytest.mark.long
def test_it_is_in_the_language_of_the_site(febrile):
    with acting(by="test", reason="language"):
        type(febrile.site).objects.filter(pk=febrile.site.pk).update(language="zh-hant")

    words = text(of(febrile).pdf)

    assert "停機紀錄單" in words
    assert "Grades and open alerts" not in words


@pytest.mark.long
def test_nobody_looked_is_said_and_never_left_out(dosed):
    words = text(of(dosed).pdf)

    assert words.count("nobody looked yet") == 2  # CRS and ICANS
    assert "No phone tree is on record" in words


# --- When one is made ---------------------------------------------------------------------------------------------


@pytest.mark.long
def test_one_is_made_each_hour_and_not_twice_in_it(dosed):
    at = timezone.now()

    assert [make_due(at=at + late) for late in (timedelta(), EVERY - timedelta(seconds=1), EVERY)] == [1, 0, 1]


def test_who_has_one_of_this_hour_is_not_read(dosed, django_assert_num_queries):
    at = timezone.now()
    DowntimeSheet.objects.create(participant=dosed.participant, made_at=at - EVERY + timedelta(seconds=1), pdf=b"%PDF")

    with django_assert_num_queries(1):
        assert list(due(at=at)) == []
    assert list(due(at=at + timedelta(seconds=1))) == [dosed.participant]
    assert list(due(at=at - timedelta(hours=5))) == [dosed.participant]  # the clock was put back since


def test_who_is_in_no_bed_and_in_no_window_has_none(world):
    kept(vitals(world, 0), world)

    assert make_due(at=timezone.now()) == 0


@pytest.mark.long
def test_only_the_newest_few_are_kept_and_none_for_long(dosed, settings):
    settings.DOWNTIME_KEEP = 2
    at = timezone.now()
    for hours in range(4):
        make_due(at=at + timedelta(hours=hours))

    assert [round((one.made_at - at) / EVERY) for one in DowntimeSheet.objects.order_by("made_at")] == [2, 3]
    make_due(at=at + timedelta(days=3))
    assert DowntimeSheet.objects.count() == 1  # the older two are past, one is new
    make_due(at=at)
    assert DowntimeSheet.objects.get().made_at == at  # the clock was put back: the newest is what is true now


@pytest.mark.long
def test_the_newest_of_a_ward_lie_as_one_file_and_old_files_of_ours_go(dosed, settings, tmp_path):
    settings.DOWNTIME_DIR = str(tmp_path)
    (tmp_path / "downtime-GONE-9A.pdf").write_bytes(b"of a ward that has nobody")
    (tmp_path / "other.pdf").write_bytes(b"not ours")

    assert downtime_sheets() == 1

    assert sorted(file.name for file in tmp_path.iterdir()) == ["downtime-DEMO-TPE-7B.pdf", "other.pdf"]
    assert "DEMO-001" in text((tmp_path / "downtime-DEMO-TPE-7B.pdf").read_bytes())


# --- Who sees one -------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_one_click_prints_all_beds_of_the_ward(nurse, febrile):
    of(febrile)

    page = text_of(nurse.get(reverse("downtime")))
    address = re.search(r'href="([^"]*print\.pdf[^"]*)"', page)[1].replace("&amp;", "&")
    answer = nurse.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "DEMO-001" in text(answer.content)


@pytest.mark.parametrize(
    ("who", "status"),
    [("nurse", 200), ("charge_nurse", 200), ("investigator", 200), ("outsider", 404), ("sponsor", 404)],
)
def test_who_sees_a_sheet(client, febrile, who, status):
    sheet = of(febrile)
    client.force_login(getattr(febrile, who))

    assert client.get(reverse("downtime-sheet", args=[sheet.pk])).status_code == status
    assert client.get(reverse("downtime-print")).status_code == status


@pytest.mark.long
def test_people_of_another_study_find_no_sheet(client, febrile):
    sheet = of(febrile)
    client.force_login(build_world("OTHER").nurse)

    assert client.get(reverse("downtime-sheet", args=[sheet.pk])).status_code == 404
    assert "DEMO" not in text_of(client.get(reverse("downtime")))


@pytest.mark.long
def test_one_is_made_now_on_demand(nurse, febrile):
    answer = nurse.post(reverse("downtime-make", args=[febrile.participant.pk]), follow=True)

    sheet = DowntimeSheet.objects.get()
    assert reverse("downtime-sheet", args=[sheet.pk]) in text_of(answer)


@pytest.mark.long
def test_sheets_that_stand_still_are_told(nurse, dosed):
    of(dosed, at=timezone.now() - timedelta(hours=3))

    assert "no new ones come" in text_of(nurse.get(reverse("downtime")))
    of(dosed)
    assert "no new ones come" not in text_of(nurse.get(reverse("downtime")))


def test_the_board_leads_to_them(nurse, dosed):
    assert f'href="{reverse("downtime")}"' in text_of(nurse.get(reverse("board")))
