"""The ward board and the participants: the right ones, in few queries, and nothing of the ward for a sponsor."""

import json
from datetime import datetime

import pytest

from crsmonitor.audit.acting import acting
from grading.bedside.selectors.ward import ward_board
from grading.bedside.selectors.ward_json import ward_board_json
from regimens.models import Clock, CohortChange, Disposition, DoseEnd, Participant, Step
from tests.builders import build_world, dose, draft, hour, kept, neuro, stay, vitals

pytestmark = pytest.mark.django_db


def enrolled(world, number, site=None):
    with acting(by="test", reason="another participant"):
        return Participant.objects.create(
            study=world.study, site=site or world.site, number=number, regimen=world.regimen
        )


def lying(world, number, **changes):
    """A participant in a bed, so on the board."""
    participant = enrolled(world, number)
    kept(stay(world, -1, participant=participant, **changes), world)
    return participant


# --- The board ----------------------------------------------------------------------------------------------


def planned(world, place, **columns):
    step = world.steps[place]
    for name, value in columns.items():
        setattr(step, name, value)
    with acting(by="test", reason="another plan"):
        Step.objects.bulk_update([step], list(columns))


def nothing(world):
    lying(world, "A-1")


def dosed_only(world):
    kept(dose(world, 0), world)


def seen_before_the_dose(world):
    kept(vitals(world, -0.5), world)
    kept(dose(world, 0), world)


def febrile(world):
    kept(stay(world, -1), world)
    kept(dose(world, 0), world)
    kept(vitals(world, 4, temperature_c=38.6, sbp=85, hypotension=True), world)
    kept(neuro(world, 5, consciousness="voice"), world)


def ended(world):
    febrile(world)
    kept(draft(Disposition, world, 6, kind="completed"), world)


def infusing(world):
    planned(world, 0, inpatient_clock=Clock.INFUSION_END.value)
    kept(dose(world, 0), world)


def infused(world):
    infusing(world)
    kept(draft(DoseEnd, world, 2, dose=world.participant.dose_facts.get()), world)


def silent_plan(world):
    planned(world, 0, inpatient_h=None, vitals_every_h=None, neuro_every_h="0.25")
    kept(dose(world, 0), world)


def sparse_set(world):
    kept(vitals(world, 1, spo2=None, oxygen_device=None, temperature_c=38.2), world)


STATES = [nothing, dosed_only, seen_before_the_dose, febrile, ended, infusing, infused, silent_plan, sparse_set]


@pytest.mark.parametrize("state", STATES)
def test_the_board_of_the_api_is_the_board_of_the_page(world, state):
    state(world)
    lying(world, "B-1", bed="1")

    for h in (0, 7.99, 8, 12, 23.5, 24, 200):
        rows = json_rows(world.nurse, at=hour(h))
        assert rows == [as_json(row) for row in ward_board(world.nurse, at=hour(h))]


def json_rows(user, *, at):
    board = json.loads(ward_board_json(user, at=at))
    assert moment(board["at"]) == at
    return [
        {
            name: moment(value) if name.endswith(("_at", "_since")) else value
            for name, value in row.items()
            if name not in ("neuro", "neuro_at", "icans_episode_since")  # the page's row has no such part
        }
        | {kind: row[kind] and row[kind] | {"at": moment(row[kind]["at"])} for kind in ("crs", "icans")}
        for row in board["rows"]
    ]


def moment(text):
    return None if text is None else datetime.fromisoformat(text)


def as_json(row):
    def shown(grade):
        return grade and {"grade": grade.grade, "at_least": grade.at_least, "at_most": grade.at_most, "at": grade.at}

    def seconds(span):
        return None if span is None else span.total_seconds()

    who = row.participant
    return {
        "participant": who.pk, "number": who.number, "study": who.study.code, "site": who.site.code,
        "ward": row.ward, "bed": row.bed, "step": row.step_label, "dose_number": row.dose_number,
        "dose_at": row.dose_at, "since_dose_s": seconds(row.since_dose), "in_window": row.in_window,
        "window_ends_at": row.window_ends_at, "vitals": row.vitals, "vitals_at": row.vitals_at,
        "crs": shown(row.crs), "crs_flags": row.crs_flags, "crs_episode_since": row.crs_episode_since,
        "icans": shown(row.icans), "vitals_due_at": row.vitals_due.at, "vitals_late_s": seconds(row.vitals_due.late_by),
        "neuro_due_at": row.neuro_due.at, "neuro_late_s": seconds(row.neuro_due.late_by),
        "open_alerts": row.open_alerts,
    }  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("participants", [3, 30])
def test_the_board_takes_one_query_however_many_are_on_it(api, world, participants, django_assert_num_queries):
    for number in range(participants):
        lying(world, f"N-{number}")
    nurse = api(world.nurse)

    with django_assert_num_queries(1):  # and the sign-in, which crsmonitor.database.rows does outside Django's log
        assert len(nurse.get("ward/").json()["rows"]) == participants


def test_the_board_shows_whom_the_user_may_see(api, world):
    other = build_world("OTHER")
    lying(world, "MINE-1")
    lying(other, "THEIRS-1")

    def numbers(user):
        answer = api(user).get("ward/")
        assert answer.status_code == 200
        return [row["number"] for row in answer.json()["rows"]]

    assert numbers(world.nurse) == numbers(world.investigator) == ["MINE-1"]
    assert numbers(other.nurse) == ["THEIRS-1"]
    assert numbers(world.outsider) == numbers(world.sponsor) == []


def test_the_board_and_all_else_of_the_api_is_never_stored(api, world):
    answer = api(world.nurse).get("ward/")

    assert "no-store" in answer["cache-control"]
    assert answer["content-type"] == "application/json"
    assert api(None).get("ward/").status_code == 401


# --- Participants -------------------------------------------------------------------------------------------


def test_whoever_does_not_see_the_ward_is_not_told_the_cohort(api, dosed):
    """Case A10: withheld from the export, and told to the sponsor here."""
    with acting(by="test", reason="assigned"):
        CohortChange.objects.create(
            participant=dosed.participant, was="", becomes="B", at=hour(0), because="assigned",
            recorded_by=dosed.investigator,
        )  # fmt: skip
        Participant.objects.filter(pk=dosed.participant.pk).update(cohort="B")

    shown = {
        who: {
            api(getattr(dosed, who)).get(f"participants/{dosed.participant.pk}/").json()["cohort"],
            api(getattr(dosed, who)).get("participants/").json()["results"][0]["cohort"],
        }
        for who in ("nurse", "investigator", "data_manager", "sponsor")
    }

    assert shown == {"nurse": {"B"}, "investigator": {"B"}, "data_manager": {"B"}, "sponsor": {None}}


OF_THE_STUDY = {"id", "number", "study", "site", "regimen", "cohort"}
OF_THE_WARD = {"neuro_instrument", "state"}


def test_a_participant_as_the_ward_sees_it(api, world):
    febrile(world)

    data = api(world.nurse).get(f"participants/{world.participant.pk}/").json()

    assert set(data) == OF_THE_STUDY | OF_THE_WARD | {"steps", "dose_periods"}
    assert (data["number"], data["state"]["bed"], data["state"]["crs"]["grade"]) == ("DEMO-001", "12", 2)
    assert [step["position"] for step in data["steps"]] == [1, 2, 3]
    assert [(period["dose_number"], period["crs_max_grade"]) for period in data["dose_periods"]] == [(1, 2)]


def test_a_sponsor_sees_no_ward(api, world):
    febrile(world)
    sponsor = api(world.sponsor)

    one, listed = sponsor.get(f"participants/{world.participant.pk}/").json(), sponsor.get("participants/").json()

    assert set(one) == OF_THE_STUDY | {"steps", "dose_periods"}
    assert [set(row) for row in listed["results"]] == [OF_THE_STUDY]
    assert "12" not in (world.participant.number, *map(str, one["dose_periods"][0].values()))


def test_a_participant_without_a_record_has_no_state(api, world):
    assert api(world.nurse).get("participants/").json()["results"][0]["state"] is None


def test_the_list_is_of_whom_the_user_may_see(api, world):
    there = enrolled(world, "DEMO-900", site=world.other_site)

    def seen(user, **query):
        return [row["id"] for row in api(user).get("participants/", **query).json()["results"]]

    assert seen(world.nurse) == [world.participant.pk]
    assert seen(world.outsider) == seen(world.outsider, site=world.other_site.code) == [there.pk]
    assert seen(world.outsider, site=world.site.code) == seen(world.outsider, number="DEMO-001") == []
    assert seen(world.investigator) == [world.participant.pk, there.pk]


def test_an_outsider_and_a_wrong_number_get_the_same_answer(api, world):
    outsider = api(world.outsider)
    there, nowhere = (
        outsider.get(f"participants/{world.participant.pk}/"),
        outsider.get("participants/999999999999999999999/"),
    )

    assert (there.status_code, there.content) == (404, nowhere.content)


def test_the_list_goes_on_where_it_ended(api, world):
    for number in range(4):
        enrolled(world, f"N-{number}")
    nurse = api(world.nurse)

    first = nurse.get("participants/", limit=3).json()
    rest = nurse.get("participants/", limit=3, after=first["next"]).json()

    assert ([len(page["results"]) for page in (first, rest)], rest["next"]) == ([3, 2], None)


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 201},
        {"limit": 0},
        {"after": -1},
        {"after": "9" * 30},
        {"site": "x" * 21},
        {"number": "\x00"},
        {"bed": "12"},
    ],
)
def test_a_filter_that_cannot_be_applied_is_refused(api, world, query):
    answer = api(world.nurse).get("participants/", **query)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(query))


@pytest.mark.long
@pytest.mark.parametrize("participants", [3, 30])
def test_the_list_takes_as_many_queries_however_long_it_is(api, world, participants, django_assert_num_queries):
    for number in range(participants):
        lying(world, f"N-{number}")
    nurse = api(world.nurse)

    with django_assert_num_queries(5):  # with their studies, sites, plans and states
        assert len(nurse.get("participants/").json()["results"]) == participants + 1
