"""Values as devices and people write them: what is rounded, what is asked, and what stands beside a pressure."""

import pytest

from grading.models import Grade, VitalSigns

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(api, dosed, well):
    def posted(**changes):
        return api(dosed.nurse).post(f"participants/{dosed.participant.pk}/vital-signs/", well(**changes))

    return posted


def test_a_devices_decimals_are_rounded_kept_and_said(post):
    """R11: refused whole, with the 70 mmHg beside it."""
    answer = post(temperature_c=38.39999999999998, sbp=70, dbp=40)

    assert answer.status_code == 201
    assert answer.json()["rounded"] == ["temperature_c"]
    kept = VitalSigns.objects.get()
    assert (str(kept.temperature_c), kept.sbp) == ("38.400", 70)


def test_typed_again_is_rounded_the_same(post):
    value = 41.59999999999999
    answer = post(temperature_c=value, retyped={"temperature_c": value})

    assert (answer.status_code, answer.json()["rounded"]) == (201, ["temperature_c"])


def test_as_it_came_is_nothing_to_tell(post):
    assert post(temperature_c="38.500").json()["rounded"] == []


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"spo2": 0.97}, "0.97? For 97 % write it in per cent."),
        ({"spo2": 1}, "1? For 100 % write it in per cent."),
        ({"fio2_percent": 0.6}, "0.6? For 60 % write it in per cent."),
        ({"temperature_c": 101.3}, "101.3 °F? Write it in °C: 38.5"),
        ({"temperature_c": 384}, "384? For 38.4 °C write the decimal point."),
    ],
)
def test_another_way_to_write_a_value_is_asked_at_its_field(post, value, says):
    answer = post(**value)

    assert answer.status_code == 400
    assert answer.json()["errors"] == {next(iter(value)): [says]}


def test_no_saturation_at_all_is_one(post):
    assert post(spo2=0).status_code == 201


def test_a_pressure_says_its_position_and_arm(post):
    """R14: the last of three, taken standing, is no hypotension before a lying one."""
    answer = post(temperature_c=38.5, sbp=84, dbp=60, hypotension=None, position="standing", arm="left")

    grade = answer.json()["grade"]
    assert (grade["at_least"], grade["at_most"], grade["flags"]) == (1, 2, ["standing_pressure_low"])
    assert answer.json()["complete_the_set"]
    kept = VitalSigns.objects.get()
    assert (kept.position, kept.arm) == ("standing", "left")


@pytest.mark.parametrize(("device", "bounds"), [("room_air", (1, 4)), (None, (2, 4))])
def test_fio2_counts(post, device, bounds):
    """CF10."""
    post(temperature_c=38.6, oxygen_device=device, fio2_percent=60)

    grade = Grade.objects.get()
    assert (grade.at_least, grade.at_most) == bounds


def test_a_mean_pressure_alone_is_asked_about(post):
    """R13."""
    answer = post(temperature_c=38.6, sbp=None, dbp=None, mean_pressure=55).json()

    assert (answer["grade"]["at_least"], answer["grade"]["at_most"]) == (1, 2)
    assert answer["complete_the_set"]
