"""The Chinese that a reader stumbled over stays mended, msgfmt takes the catalogue, and who has read it is marked.

The table of words is that of a reviewer in Taiwan, for a clinician to confirm: proposals, not a source.
"""

import io
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client

from crsmonitor.locale.compile import AWAITED, MARK, clinical_messages, message_of, with_marks
from grading.rules.grades.catalogue import RULES

PO = Path(__file__).resolve().parents[3] / "crsmonitor/locale/zh_Hant/LC_MESSAGES/django.po"
TEXT = PO.read_text()
MESSAGES = [message for message in read_po(io.StringIO(TEXT), locale="zh_Hant") if message.id]
TRANSLATED = {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m.string for m in MESSAGES}

# --- The words ------------------------------------------------------------------------------------------------------

RIGHT = [  # English, what its Chinese has
    ("fever no longer required since %(time)s: %(what)s", "起分級不再以發燒為必要條件"),
    ("Fluid bolus for pressure", "為維持血壓快速輸液（fluid bolus）"),
    ("Deep focal weakness", "嚴重局部肢體無力"),
    ("Motor", "運動功能"),
    ("Needs vigorous or repeated touch", "需強烈或反覆刺激才能喚醒"),
    ("Repeated, no return to baseline between", "反覆發作，期間未恢復至基準狀態"),
    ("Nonconvulsive on EEG, resolved", "腦波顯示非痙攣性發作"),
    ("Decerebrate posturing", "去大腦僵直姿勢"),
    ("Decorticate posturing", "去皮質僵直姿勢"),
    ("Episodes", "事件（episode）"),
    ("Course", "病程"),
    ("No fever in this episode: not CRS by definition, which does not mean well", "但不代表情況良好"),
    ("as at baseline", "與基準相同"),
    ("for…", "給氧原因…"),
    ("Disagreements", "判讀不一致"),
    ("A clinician is at the bedside", "臨床人員已在床邊"),
    ("Study dose", "試驗藥給藥"),
]
WRONG = [
    "不再需要發燒", "輸液推注", "深度局部", "需強烈或反覆觸碰", "其間", "非抽搐",
    "去皮質姿勢", "去大腦姿勢", "無恙", "會升級", "會降級",
    "同基準", "意見不一", "醫師已在床邊", "試驗用藥",
    # One word for one thing.
    "基線", "皮質類固醇", "患者", "病人", "CRS 發作", "%(name)s 發作",
]  # fmt: skip
ALONE = {"運動", "原因…", "發作"}  # wrong where they are all that is said


@pytest.mark.parametrize(("english", "chinese"), RIGHT, ids=[english[:30] for english, _chinese in RIGHT])
def test_the_word_that_was_proposed_is_said(english, chinese):
    assert [text for (_context, key), text in TRANSLATED.items() if key == english and chinese not in text] == []
    assert any(key == english for _context, key in TRANSLATED)


def wrong_in(translated: dict) -> list[tuple[str, str]]:
    texts = [(key[1], text if isinstance(text, str) else text[0]) for key, text in translated.items()]
    return [
        (english, word)
        for english, chinese in texts
        for word in [*(one for one in WRONG if one in chinese and f"與{one}" not in chinese), *({chinese} & ALONE)]
    ]


def test_no_word_that_was_stumbled_over_is_left():
    assert wrong_in(TRANSLATED) == []


@pytest.mark.parametrize("bad", ["神經基線", "運動", "但不代表無恙", "同基準"])
def test_the_search_finds_a_word_that_is_left(bad):
    assert wrong_in({(None, "x"): bad}) == [("x", next(one for one in [*WRONG, *ALONE] if one in bad))]
    assert wrong_in({(None, "x"): "與基準相同"}) == wrong_in({(None, "x"): "運動功能"}) == []


def test_a_grade_is_said_in_one_way():
    """3 級: never "Grade 3", 第 3 級 or 三級. 下一級 is the next one."""
    chinese = "\n".join(text if isinstance(text, str) else text[0] for text in TRANSLATED.values())
    chinese = re.sub(r"%\(\w+\)[sd]|{\w*}", "3", chinese)  # the names of values are no words
    assert re.findall(r".*\b[Gg]rade\b.*|第 ?3 ?級|[二三四五]級", chinese) == []


def test_marks_between_chinese_words_are_full_width():
    half = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]")
    assert [one for text in TRANSLATED.values() for one in ([text] if isinstance(text, str) else text)
            if half.search(one)] == []  # fmt: skip


# --- msgfmt ---------------------------------------------------------------------------------------------------------

QUOTED = r'(?:"(?:[^"\\\n]|\\[nrt"\\])*"\n)+'
ENTRY = re.compile(
    rf"^(?:\#.*\n)*(?:msgctxt\ {QUOTED})?msgid\ {QUOTED}"
    rf"(?:msgstr\ {QUOTED}|msgid_plural\ {QUOTED}(?:msgstr\[\d\]\ {QUOTED})+)",
    re.VERBOSE | re.MULTILINE,
)


def refused_by_msgfmt(catalogue: str) -> list[str]:
    """What GNU msgfmt --check would refuse, and babel reads all the same."""
    rest = ENTRY.sub("", catalogue)  # an entry begins a line; between two there may be a blank one
    refused = [line for line in rest.splitlines() if line and not line.startswith("#")]
    refused += re.findall(r"^#,.*\bfuzzy\b", catalogue, re.MULTILINE)  # it is left out
    head = catalogue.partition("\n\n")[0]
    if "charset=utf-8" not in head.lower() or "Plural-Forms:" not in head:
        refused.append(head)
    return refused


def test_msgfmt_takes_the_catalogue():
    assert refused_by_msgfmt(TEXT) == []


def test_every_format_is_one_that_python_can_fill():
    """A message that is flagged as a format is checked by msgfmt, by whether it is valid and has the same values."""
    filled = [m for m in MESSAGES if "python-brace-format" not in m.flags]
    assert {str(m.id): [str(error) for error in m.check()] for m in filled if list(m.check())} == {}


HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=1; plural=0;\\n"\n"Content-Type: text/plain; charset=utf-8\\n"'


@pytest.mark.parametrize(
    ("bad", "refused"),
    [
        ('msgid "a"\nmsgstr "b"\nmsgstr "c"', ['msgstr "c"']),
        ('msgid "a"', ['msgid "a"']),
        ('msgid "a"\nmsgstr "b', ['msgid "a"', 'msgstr "b']),
        ('msgid "a"\nmsgstr "say "b""', ['msgid "a"', 'msgstr "say "b""']),
        ('#, fuzzy\nmsgid "a"\nmsgstr "b"', ["#, fuzzy"]),
    ],
)
def test_the_check_refuses_what_msgfmt_refuses(bad, refused):
    assert refused_by_msgfmt(f"{HEAD}\n\n{bad}\n") == refused
    assert refused_by_msgfmt(f'{HEAD}\n\n#, python-format\nmsgctxt "t"\nmsgid "%s a"\nmsgstr ""\n"b %s"\n') == []


def test_a_head_without_its_encoding_is_refused():
    assert refused_by_msgfmt(HEAD.replace("utf-8", "none")) != []


# --- Who has read it ------------------------------------------------------------------------------------------------


def test_clinical_words_are_marked_as_read_by_a_clinician_or_awaiting_it():
    """Every reason and flag of the rules, what is asked and found at the bed, alerts, drugs, what follows a grade."""
    clinical = clinical_messages()
    marked = {message_of(entry) for entry in TEXT.split("\n\n") if MARK in entry}

    assert {(None, rule.text) for rule in RULES.values()} < clinical.keys()
    assert len(clinical) > 500
    assert clinical.keys() & TRANSLATED.keys() - marked == set()


def test_marking_keeps_what_was_marked_and_takes_the_mark_of_what_is_not_clinical():
    read = f'{MARK}read by A. Lin, 2027-01-31\nmsgid "Fever"\nmsgstr "發燒"'
    fresh, other = 'msgctxt "t"\nmsgid "Motor"\nmsgstr "運動功能"', f'{AWAITED}\n#, fuzzy\nmsgid "Save"\nmsgstr "儲存"'

    marked = with_marks(f"{HEAD}\n\n{read}\n\n{fresh}\n\n{other}\n", {(None, "Fever"), ("t", "Motor")})

    assert marked.split("\n\n") == [
        HEAD, read, f"{AWAITED}\n{fresh}", '#, fuzzy\nmsgid "Save"\nmsgstr "儲存"\n',
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "is_said"), [("zh-hant", True), ("en", False)])
def test_every_page_says_that_no_clinician_has_read_its_chinese(db, language, is_said):
    client = Client()
    client.cookies["django_language"] = language

    assert ("臨床用語待臨床人員審閱" in client.get("/accounts/login/").content.decode()) is is_said
