"""`python3 dev.py messages`: compile every django.po. Untranslated messages are left out, so that English shows."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def main() -> None:
    for source in sorted(Path(__file__).parent.glob("*/LC_MESSAGES/django.po")):
        with source.open("rb") as file:
            catalogue = read_po(file)
        for message in [m for m in catalogue if m.id and not any(m.string or ())]:
            catalogue.delete(message.id, message.context)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
        print(f"{source.parent.parent.name}: {len(catalogue)} messages")


if __name__ == "__main__":
    main()
