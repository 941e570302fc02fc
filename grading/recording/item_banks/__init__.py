"""The banks of items that are on file, each read and checked once. A bank that was used stays: its version is known."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from crsmonitor.error_words import text_of
from crsmonitor.formats.yaml_once import UnreadableYAML, read_yaml
from grading.rules.neuro.item_bank import BadBank, BankKey, ItemBank, bank_of

FOLDER = Path(__file__).parent


def read_bank(file: Path) -> ItemBank:
    """Raises BadBank, also where the name of the file is not that of the bank; OSError."""
    try:
        bank = bank_of(read_yaml(file))
    except UnreadableYAML as error:
        raise BadBank(error.place, text_of(error.message)) from None
    if file.stem != f"ice_{bank.key.language}_{bank.key.version}":
        raise BadBank("file", f"{file.name} is not named after its language and version")
    return bank


@cache
def banks() -> Mapping[BankKey, ItemBank]:
    """Every bank on file, the newest version of a language last."""
    read = [read_bank(file) for file in FOLDER.glob("*.yaml")]
    read.sort(key=lambda bank: (bank.key.language, int(bank.key.version)))
    return {bank.key: bank for bank in read}


def languages() -> tuple[str, ...]:
    return tuple(dict.fromkeys(key.language for key in banks()))


def newest_in(language: str) -> ItemBank | None:
    """The bank to ask with in a language. None: there is none in it."""
    return next((bank for key, bank in reversed(banks().items()) if key.language == language), None)


def bank_on_file(language: str, version: str) -> ItemBank | None:
    return banks().get(BankKey(language=language, version=version))
