"""With which words an ICE was asked, and the sentence that was written: kept with the assessment, refused where no
tablet of ours could have sent it, and shown where the words changed.
"""

import pytest

from crsmonitor.audit.models import AuditEvent
from grading.models import NeuroAssessment
from tests.bodies import NEURO

pytestmark = pytest.mark.django_db

SENTENCE = {"width": 400, "height": 120, "strokes": [[[10, 20, 0, 500], [14, 22, 16, 510]], [[40, 20, 900, 480]]]}
CHINESE = {"bank_language": "zh-hant", "bank_version": "1", "object_set": "b"}
ENGLISH = {"bank_language": "en", "bank_version": "1", "object_set": "a"}


@pytest.fixture
def post(api, dosed, body):
    nurse, address = api(dosed.nurse), f"participants/{dosed.participant.pk}/neuro-assessments/"

    def send(**changes):
        return nurse.post(address, body(**NEURO | changes))

    send.nurse, send.address = nurse, address
    return send


def test_words_sentence_and_adaptations_are_kept_with_the_assessment_and_are_in_the_trail(post):
    sent = CHINESE | {"sentence": SENTENCE, "adaptations": ["hearing", "literacy"], "interpreter": "family"}

    answer = post(**sent)

    assert answer.status_code == 201, answer.content
    one = post.nurse.get(f"{post.address}{answer.json()['id']}/").json()
    assert {name: one[name] for name in sent} == sent
    assert (one["sentence_on_paper"], one["bank_because"], one["bank_differs"]) == (False, "", [])
    chained = AuditEvent.objects.get(row_id=answer.json()["id"], action="INSERT")
    assert chained.after["sentence"] == SENTENCE


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (CHINESE | {"bank_version": "99"}, "bank_version"),
        (CHINESE | {"bank_language": "fr"}, "bank_version"),
        ({"bank_language": "zh-hant"}, "bank_version"),
        ({"object_set": "a"}, "bank_version"),
        (CHINESE | {"object_set": "z"}, "object_set"),
        ({"adaptations": ["weather"]}, "adaptations.0"),
        ({"interpreter": "Mrs Lin"}, "interpreter"),
        ({"sentence": SENTENCE, "sentence_on_paper": True}, "sentence_on_paper"),
        ({"sentence": "It is a fine day"}, "sentence"),
        ({"sentence": SENTENCE | {"strokes": [[[1.5, 1, 0, 500]]]}}, "sentence"),
        ({"sentence": SENTENCE | {"strokes": [[[9999, 1, 0, 500]]]}}, "sentence"),
        ({"sentence": SENTENCE | {"strokes": [[[1, 1, 0, 500]] * 2001]}}, "sentence"),
        ({"sentence": SENTENCE | {"reads": "today"}}, "sentence"),
    ],
)
def test_what_no_tablet_of_ours_sends_is_refused_at_its_field_and_nothing_is_kept(post, wrong, field):
    answer = post(**wrong)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not NeuroAssessment.objects.exists()


def test_other_words_than_before_are_kept_and_shown_also_when_the_earlier_one_is_corrected_later(post):
    first = post(**ENGLISH).json()
    second = post(**CHINESE, bank_because="Her daughter says she thinks in Chinese.").json()

    assert (first["bank_differs"], second["bank_differs"]) == ([], ["other_language_than_previous"])
    shown = [one["bank_differs"] for one in post.nurse.get(post.address).json()["results"]]
    assert shown == [["other_language_than_previous"], []]
    post(**CHINESE, supersedes=first["id"], reason="It was asked in Chinese.")
    assert [one["bank_differs"] for one in post.nurse.get(post.address).json()["results"]] == [[], []]


def test_an_assessment_without_words_on_record_says_nothing_about_them(post):
    assert post().json()["bank_differs"] == []
    assert post(**CHINESE).json()["bank_differs"] == []
