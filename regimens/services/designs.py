"""Designs of the workbench are drafted: each save is another version, and none is changed."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import DomainError, InvalidInput, KeyReused
from regimens.design.contract import comparison, evidence, kinds
from regimens.design.contract.reading import CONTROL, TURNING
from regimens.models import Design, DesignVersion, Study
from regimens.rules.canonical import sha256_of, text_of_json
from regimens.rules.reading import CaseError
from regimens.runs.inputs import refusal
from regimens.selectors.designs import design_for, design_study_for
from regimens.services.versions import alone

NAME_MOST, NOTE_MOST = 80, 300  # characters, as the columns
# What a design may say: inputs of the kinds of the contract, and what is put side by side.
COMPARISON = "comparison"
# What is no kind that answers, each with what reads it.
PARTS: Mapping[str, Callable[[object], None]] = {
    COMPARISON: comparison.check,
    "evidence_rule": evidence.check_rule,
}
CONTENTS_MOST = 500_000  # characters of canonical JSON: 12 regimens of 100 doses and 1,000 rows of data are 150,000


@transaction.atomic
def create_design(
    *,
    study: Study,
    name: str,
    contents: Mapping[str, Any],
    by: User,
    at: datetime,
    note: str = "",
    key: UUID | None = None,
) -> DesignVersion:
    """A design of the study with its first version; the same again by the same person is the one there is.

    `key`: an id of the asker's; with the same again it is the first one, also where another version was saved since.
    Raises NotFound, Forbidden, InvalidInput at the field, KeyReused.
    """
    design_study_for(by, study.code)
    name = name.strip()
    if (known := _known(key, contents, note=note, by=by)) is not None:
        if (known.number, known.design.study_id, known.design.name) != (1, study.pk, name):
            raise KeyReused("id_used")
        return known
    if not any(letter.isprintable() for letter in name) or len(name) > NAME_MOST:
        raise InvalidInput.at("name", "design_name_length", most=NAME_MOST)
    _check_text("name", name)
    try:
        with acting(by=by, reason="new design"):
            design = Design.objects.create(study=study, name=name, made_by=by, made_at=at)
            return _write(design, 1, contents, note=note, by=by, at=at, key=key)
    except IntegrityError as error:
        if "design_name_once" in str(error):
            if (made := _made_so(study, name, contents, note=note, by=by)) is not None:
                return made
            raise InvalidInput.at("name", "design_name_used") from error
        if "design_version_key_once" in str(error):
            raise KeyReused("id_used") from error
        raise


@transaction.atomic
def save_version(
    *,
    design_id: int,
    contents: Mapping[str, Any],
    by: User,
    at: datetime,
    after: int | None = None,
    note: str = "",
    key: UUID | None = None,
) -> DesignVersion:
    """The next version; the newest where it says the same already.

    `after`: the number of the version that was changed. DomainError where somebody saved another one since: nothing
    of theirs is covered up. None: it is saved whatever stands. `key`: an id of the asker's; with the same again it is
    the version that was made then, whatever was saved since. Raises NotFound, InvalidInput at the field, KeyReused.
    """
    design = design_for(by, design_id)
    alone(design.study)
    if (known := _known(key, contents, note=note, by=by)) is not None:
        if known.design_id != design.pk or known.number == 1:
            raise KeyReused("id_used")
        return known
    newest = DesignVersion.objects.filter(design=design).select_related("drafted_by").order_by("-number").first()
    assert newest is not None  # made with the design
    if newest.sha256 == sha256_of(_checked(contents)):
        return newest
    if after is not None and after != newest.number:
        raise DomainError("design_changed_since", number=newest.number, by=newest.drafted_by.get_username())
    with acting(by=by, reason=note.strip() or "another version"):
        return _write(design, newest.number + 1, contents, note=note, by=by, at=at, key=key)


def _made_so(study: Study, name: str, contents: Mapping[str, Any], *, note: str, by: User) -> DesignVersion | None:
    """What a form that was sent twice has made already. None: it is another, or has been changed since."""
    versions = DesignVersion.objects.filter(design__study=study, design__name=name).select_related("design__study")
    newest = versions.order_by("-number").first()
    first = (1, by.pk, sha256_of(_checked(contents)), note.strip())
    if newest is None or (newest.number, newest.drafted_by_id, newest.sha256, newest.note) != first:
        return None
    return newest


def _known(key: UUID | None, contents: Mapping[str, Any], *, note: str, by: User) -> DesignVersion | None:
    """What was made under this id of the same. None: nothing yet. Raises KeyReused, InvalidInput."""
    made = None if key is None else DesignVersion.objects.filter(key=key).select_related("design__study").first()
    if made is None:
        return None
    if (made.drafted_by_id, made.sha256, made.note) != (by.pk, sha256_of(_checked(contents)), note.strip()):
        raise KeyReused("id_used")
    return made


def _write(
    design: Design,
    number: int,
    contents: Mapping[str, Any],
    *,
    note: str,
    by: User,
    at: datetime,
    key: UUID | None,
) -> DesignVersion:
    note = note.strip()
    if len(note) > NOTE_MOST:
        raise InvalidInput.at("note", "note_length", most=NOTE_MOST)
    _check_text("note", note)
    text = _checked(contents)
    return DesignVersion.objects.create(
        design=design, number=number, contents=json.loads(text), sha256=sha256_of(text), note=note, drafted_by=by,
        at=at, key=key,
    )  # fmt: skip


def _checked(contents: Mapping[str, Any]) -> str:
    """The canonical text of what a version says. Raises InvalidInput."""
    if not contents:
        raise InvalidInput.at("contents", "design_is_empty")
    contents = {name: _given(part) if name == COMPARISON else part for name, part in contents.items()}
    try:
        text = text_of_json(contents)
    except ValueError as error:
        raise InvalidInput.at("contents", "number_not_finite") from error
    if len(text) > CONTENTS_MOST:
        raise InvalidInput.at("contents", "design_too_long", most=CONTENTS_MOST)
    _check_text("contents", text)
    for name, part in contents.items():
        if part is not None:  # null: not begun
            _check_part(name, part)
    _check_same_regimens(contents)
    return text


def _given(part: Any) -> Any:
    """Without what is null, which means the same as absent."""
    if isinstance(part, Mapping):
        return {name: _given(one) for name, one in part.items() if one is not None}
    return [_given(one) for one in part] if isinstance(part, list | tuple) else part


def _check_part(name: str, part: Any) -> None:
    """Each part is an input of the contract: nothing else is kept, so nothing of a participant is."""
    if name not in PARTS and name not in kinds.KINDS:
        raise InvalidInput.at(name, "unknown_field", detail="not a part of a design")
    try:
        if name in PARTS:
            PARTS[name](part)
        else:
            kinds.read(name, part)
    except CaseError as error:
        raise refusal(error, within=name) from error


def _check_same_regimens(contents: Mapping[str, Any]) -> None:
    """A rule that decides is of the regimens that are compared: what is given and what is learned are one thing."""
    compared, deciding = contents.get(COMPARISON), contents.get("escalation")
    if compared and deciding and (name := comparison.unlike(compared, deciding)):
        raise InvalidInput.at(f"escalation.{name}", "escalation_of_others")


def _check_text(field: str, text: str) -> None:
    """Characters of control, half of a pair, and those that turn what follows."""
    unkept = (ord(one) < CONTROL or "\ud800" <= one <= "\udfff" or one in TURNING for one in text)
    if "\\u0000" in text or any(unkept):
        raise InvalidInput.at(field, "characters_unkept")
