"""A threshold policy is drafted by page: what is typed is kept, and nothing typed is a 500."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grading.models import AlertPolicy
from grading.policies.library import read_policy
from tests.policies.pages import TEXT, new_page, newest, page_text, send
from tests.sizes import sized

pytestmark = pytest.mark.django_db


def test_what_is_typed_becomes_a_draft(at_desk, world):
    answer = send(at_desk, world, TEXT.replace("\n", "\r\n"))  # as browsers send it

    made = newest()
    assert (answer.status_code, answer["Location"]) == (302, reverse("policy", args=[made.pk]))
    assert (made.version, made.text, made.in_force_from, made.drafted_by) == (2, TEXT, None, world.data_manager)
    assert "Draft, not in force" in page_text(at_desk.get(answer["Location"]))


def test_a_file_counts_before_what_is_typed(at_desk, world):
    send(at_desk, world, "title: typed", file=SimpleUploadedFile("policy.yaml", b"\xef\xbb\xbf" + TEXT.encode()))

    assert newest().title == "Protocol 7, table 4"


def test_the_form_starts_with_the_version_in_force_or_with_the_one_asked_for(at_desk, world, draft):
    assert "title: Test policy" in at_desk.get(new_page(world)).content.decode()
    assert "# our protocol" in at_desk.get(f"{new_page(world)}?from={draft.pk}").content.decode()
    assert at_desk.get(f"{new_page(world)}?from=0").status_code == 404


def test_a_version_from_before_texts_were_kept_is_written_out_and_read_again(at_desk, world):
    page = at_desk.get(new_page(world)).content.decode()
    text = unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1])

    answer = send(at_desk, world, text)

    assert answer.status_code == 400
    assert "Nothing changes: the version in force says the same." in page_text(answer)
    assert send(at_desk, world, text.replace("from_grade: 3", "from_grade: 4")).status_code == 302


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TEXT.replace("from_grade: 2", "from_grade: 9"), "thresholds[0].from_grade (line 4): a whole number"),
        (TEXT.replace(", source: protocol 7.5", ""), "thresholds[1].source (line 5): every threshold names its source"),
        (TEXT.replace("kind: icans", "kind: icans, kind: crs"), "line 5: kind is given twice"),
        (TEXT.replace("title:", "colour: red\ntitle:"), "colour (line 2): unknown field"),
        ("title: [x", "line 1: not YAML"),
        ("", "Paste the policy or choose its file."),
        ("   \n", "Paste the policy or choose its file."),
        ("a" * 64_001, "64000"),
        ("- 1", "file: an object with title and thresholds is needed"),
        ("title: 2026-13-45", "file: not YAML"),  # a day that does not exist
        ("title: x\nthresholds: " + "9" * 5000, "file: not YAML"),
        ('title: "a\\0b"\n' + TEXT.partition("\n")[2].partition("\n")[2], "file: a character that is no text"),
        ('title: "\\ud800"\n' + TEXT.partition("\n")[2].partition("\n")[2], "file: a character that is no text"),
        (TEXT.replace("source: protocol 7.4", 'source: "\\0"'), "file: a character that is no text"),
        ("title: x\nthresholds: &a [*a]", "thresholds[0] (line 2): an object"),
        ("title: x\n? [a, b]\n: c", "not YAML"),
        ("[" * sized(5000, sample=1000), "not YAML"),
        ("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n? [*b,*b]\n: 1\n? [*b,*b]\n: 2", "not YAML"),
        ("title: x\nthresholds:\n  - {code: {}, kind: crs}", "thresholds[0].code (line 3): a single value"),
        ("!!python/object/apply:os.system [ls]", "line 1: not YAML"),
        ("title: \x07", "not YAML"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_policy_is_told_at_its_place_and_kept_as_typed(at_desk, world, text, words):
    answer = send(at_desk, world, text)

    page = answer.content.decode()
    assert (answer.status_code, AlertPolicy.objects.count()) == (400, 1)
    assert words in unescape(re.search(r'id="policy_text_wrong">(.*?)</p>', page, re.DOTALL)[1])
    assert unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]) == text
    assert 'value="amendment 2"' in page


def test_a_mistake_is_told_in_the_reader_s_language(at_desk, world):
    at_desk.cookies["django_language"] = "zh-hant"

    page = page_text(send(at_desk, world, TEXT.replace("from_grade: 2", "from_grade: 9")))

    assert "須是 1 到 4 的整數" in page
    assert "a whole number" not in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: [x", "不是 YAML：括號未關閉，或缺少逗號"),
        (TEXT.replace("kind: icans", "kind: icans, kind: crs"), "kind 寫了兩次"),
    ],
)
def test_what_is_no_yaml_is_told_in_the_reader_s_language(at_desk, world, text, words):
    at_desk.cookies["django_language"] = "zh-hant"

    page = page_text(send(at_desk, world, text))

    assert words in page
    assert not re.search(r"not YAML|expected|given twice|line \d", page)


def test_aliases_may_not_write_out_to_more_than_a_policy(at_desk, world):
    step = "    - {kind: crs, grade: 3, drug: dexamethasone, dose: 1, unit: mg, every_h: 6, source: *s}\n"
    text = f"{TEXT}drugs:\n  steroid_ladder:\n" + step.replace("*s", '&s "' + "x" * 5000 + '"') + step * 200

    assert "once its aliases are written out" in page_text(send(at_desk, world, text))


@pytest.mark.parametrize(
    ("content", "field"), [(b"\xff\xfe", "no UTF-8 text"), (b"x" * 300_000, "too long"), (b"", "empty")]
)
def test_a_file_that_is_none_is_told_at_the_file(at_desk, world, content, field):
    answer = send(at_desk, world, "title: typed", file=SimpleUploadedFile("policy.yaml", content))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert field in re.search(r'id="policy_file_wrong">(.*?)</p>', page)[1]
    assert AlertPolicy.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "\x00", "x" * 501])
def test_a_draft_says_what_it_is_for(at_desk, world, reason):
    answer = send(at_desk, world, reason=reason)

    assert answer.status_code == 400
    assert 'id="policy_reason_wrong"' in answer.content.decode()
    assert "# our protocol" in answer.content.decode()


def test_start_from_the_default_is_one_tap(at_desk, world):
    answer = at_desk.post(reverse("policy-default", args=[world.study.code]))

    assert answer.status_code == 302
    assert (newest().title, newest().data, newest().in_force_from) == ("Default thresholds", read_policy().data, None)
    assert at_desk.get(reverse("policy-default", args=[world.study.code])).status_code == 405
