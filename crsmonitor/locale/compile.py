"""`python3 dev.py messages`: mark the clinical words of every django.po and compile it.

Untranslated messages are left out of the compiled file, so that English shows. Clinical are the messages that the
sources below hand to gettext: grades with their reasons, what is asked and found at the bed, alerts, drugs, and what
follows from a grade. Each has a comment that says whether a clinician has read its Chinese; who has, puts name and date
in the place of what is awaited (docs/clinical_wording.md). `python3 dev.py messages --clinical` prints them as CSV.
"""

import ast
import csv
import re
import runpy
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = "grading/rules/grades/catalogue.py"
CLINICAL = (
    "grading/words/[bw]*.py", "grading/models/observations.py",
    "regimens/models/given.py", "grading/bedside/*_words.py", "grading/bedside/forms/*.py",
    "grading/bedside/newest_set.py", "grading/alerting/*alert_words.py", "grading/alerting/stand_down_words.py",
    "grading/treatment/*_words.py", "grading/dosing/*_words.py", "grading/policies/words.py",
    "grading/review/assessment_words.py", "grading/words/change_words.py",
    "templates/bedside/*neuro*.html", "templates/bedside/_vitals_*.html", "templates/bedside/_attributions.html",
    "templates/words/_why*.html", "templates/treatment/*.html",
)  # fmt: skip
MARK = "#. clinical: "
AWAITED = f"{MARK}awaiting review by a clinician"
Message = tuple[str | None, str]  # its context, its text

# --- The strings of a source, found by reading it ------------------------------------------------------------------

IN_TEMPLATE = re.compile(
    r"""\b(?:_|gettext)\(\s*u?(?P<q>['"])(?P<text>(?:\\.|(?!(?P=q)).)*)(?P=q)\s*\)"""
    r"""|pgettext\(\s*u?(?P<q1>['"])(?P<context>.*?)(?P=q1)\s*,\s*u?(?P<q2>['"])(?P<words>(?:\\.|(?!(?P=q2)).)*)(?P=q2)""",
    re.DOTALL,
)
CALLS = re.compile(r"^(_|_l|n?p?gettext(_lazy)?)$")


def marked_in(template: str) -> set[Message]:
    marks = IN_TEMPLATE.finditer(templatize(template))
    return {(m["context"], _plain(m["words"] if m["context"] else m["text"])) for m in marks}


def _plain(text: str) -> str:
    return text.replace(r"\'", "'").replace(r"\"", '"').replace("\\n", "\n")


def marked_in_python(source: str) -> set[Message]:
    """Each literal handed to gettext, with its context. A text put together in the call is told as such."""
    marks: set[Message] = set()
    for node in ast.walk(ast.parse(source)):
        name = ast.unparse(node.func).removeprefix("translation.") if isinstance(node, ast.Call) else ""
        if not isinstance(node, ast.Call) or not CALLS.match(name):
            continue
        texts = [getattr(one, "value", None) for one in node.args]
        context, text = texts[:2] if "pgettext" in name else (None, texts[0])
        if isinstance(text, str):
            marks.add((context, text))
        elif isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
            marks.add((None, f"put together in line {node.lineno}: cannot be translated"))
    return marks


def rules() -> set[Message]:
    """The reasons and flags of the catalogue, which are translated where they are shown. It is pure: it can be run."""
    return {(None, rule.text) for rule in runpy.run_path(str(ROOT / CATALOGUE))["RULES"].values()}


def clinical_messages() -> dict[Message, str]:
    """Every clinical message with the first source that has it."""
    messages = dict.fromkeys(rules(), CATALOGUE)
    for path in (path for pattern in CLINICAL for path in sorted(ROOT.glob(pattern))):
        source = path.read_text()
        for message in (marked_in if path.suffix == ".html" else marked_in_python)(source):
            messages.setdefault(message, path.relative_to(ROOT).as_posix())
    return messages


# --- The catalogue -------------------------------------------------------------------------------------------------


def message_of(entry: str) -> Message | None:
    """What an entry of the catalogue translates. None: it is the head, or a comment."""
    [context, text] = (
        "".join(ast.literal_eval(line) for line in re.findall(r'^(?:\w+ )?(".*")$', match[0], re.MULTILINE))
        if (match := re.search(rf'^{word} ".*"\n(?:".*"\n)*', entry, re.MULTILINE))
        else None
        for word in ("msgctxt", "msgid")
    )
    return (context, text) if text else None


def with_marks(catalogue: str, clinical: set[Message]) -> str:
    """The catalogue, each clinical message marked once, and no other."""
    entries = []
    for entry in catalogue.split("\n\n"):
        is_marked, is_clinical = MARK in entry, message_of(entry) in clinical
        if is_clinical and not is_marked:
            entry = f"{AWAITED}\n{entry}"
        elif is_marked and not is_clinical:
            entry = "\n".join(line for line in entry.split("\n") if not line.startswith(MARK))
        entries.append(entry)
    return "\n\n".join(entries)


def print_clinical(source: Path) -> None:
    """For the clinicians who read them: English, Chinese, whether read, where from."""
    clinical, out = clinical_messages(), csv.writer(sys.stdout)
    out.writerow(["English", source.parent.parent.name, "review", "from"])
    with source.open("rb") as file:
        for message in read_po(file):
            if path := clinical.get((message.context, message.id if isinstance(message.id, str) else message.id[0])):
                review = next((one for one in message.auto_comments if one.startswith("clinical: ")), "")
                out.writerow([message.id, message.string, review.removeprefix("clinical: "), path])


def main() -> None:
    for source in sorted(Path(__file__).parent.glob("*/LC_MESSAGES/django.po")):
        if "--clinical" in sys.argv:
            print_clinical(source)
            continue
        text = source.read_text()
        if (marked := with_marks(text, set(clinical_messages()))) != text:
            source.write_text(marked)
        with source.open("rb") as file:
            catalogue = read_po(file)
        for message in [m for m in catalogue if m.id and not any(m.string or ())]:
            catalogue.delete(message.id, message.context)
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)
        print(f"{source.parent.parent.name}: {len(catalogue)} messages")


if __name__ == "__main__":
    main()
