"""A protocol appendix as Markdown or HTML, and two versions of a regimen as a readable difference."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from regimens.library.protocol import Row, Section, rows_by_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`was` None: it is new; `becomes` None: it is gone. `place`: the section, the row, and the column if known."""

    place: str
    was: str | None
    becomes: str | None

    def __str__(self) -> str:
        if self.was is None:
            return f"+ {self.place}: {self.becomes}"
        if self.becomes is None:
            return f"- {self.place}: {self.was}"
        return f"~ {self.place}: {self.was or 'nothing'} -> {self.becomes or 'nothing'}"


def differences(before: Sequence[Section], after: Sequence[Section]) -> list[Change]:
    """What becomes different, section by section. Empty: the two say the same."""
    old, new = ({section.title: section for section in one} for one in (before, after))
    changes: list[Change] = []
    for title in [*new, *(title for title in old if title not in new)]:
        section = new.get(title) or old[title]
        was, now = (rows_by_name(one[title].rows) if title in one else {} for one in (old, new))
        if (old_order := [n for n in was if n in now]) != (order := [n for n in now if n in was]):
            changes.append(Change(place=f"{title}, order", was=", ".join(old_order), becomes=", ".join(order)))
        for name in [*was, *(name for name in now if name not in was)]:
            changes += _rows(f"{title}, {name}", section.columns, was.get(name, []), now.get(name, []))
    return changes


def _rows(place: str, columns: Row, was: list[Row], now: list[Row]) -> list[Change]:
    gone, new = _without(was, now), _without(now, was)
    if not gone and not new and was != now:
        # The bedside watches for the first window of a step: which comes first is part of what is said.
        return [Change(place=f"{place}, order", was=_row_text(was[0]), becomes=_row_text(now[0]))]
    if len(gone) == len(new) == 1:
        pairs = zip(columns, gone[0], new[0], strict=True)
        return [Change(place=f"{place}, {name.lower()}", was=a, becomes=b) for name, a, b in pairs if a != b]
    return [
        *(Change(place=place, was=_row_text(row), becomes=None) for row in gone),
        *(Change(place=place, was=None, becomes=_row_text(row)) for row in new),
    ]


def _without(rows: list[Row], others: list[Row]) -> list[Row]:
    """The rows that `others` has not, or not as often."""
    left, kept = list(others), []
    for row in rows:
        if row in left:
            left.remove(row)
        else:
            kept.append(row)
    return kept


def _row_text(row: Row) -> str:
    return ", ".join(text for text in row[1:] if text) or "listed"


def without_empty_columns(section: Section) -> Section:
    """The same without columns in which no row says anything."""
    kept = [place for place in range(len(section.columns)) if any(row[place] for row in section.rows)]
    rows = tuple(tuple(row[place] for place in kept) for row in section.rows)
    return replace(section, columns=tuple(section.columns[place] for place in kept), rows=rows)


# --- The appendix ---------------------------------------------------------------------------------------------


def as_markdown(title: str, sections: Sequence[Section]) -> str:
    lines = [f"# {_cell(title)}", ""]
    for section in map(without_empty_columns, sections):
        lines += [f"## {section.title}", ""]
        lines.append("| " + " | ".join(section.columns) + " |")
        lines.append("|" + " --- |" * len(section.columns))
        lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in section.rows]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """A text in a table of Markdown: nothing in it is taken for markup."""
    for mark in "\\|`*_<>[]":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def as_html(title: str, sections: Sequence[Section]) -> str:
    parts = [f"<h1>{escape(title)}</h1>"]
    for section in map(without_empty_columns, sections):
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in section.columns)
        body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>\n" for row in section.rows)
        parts.append(
            f"<h2>{escape(section.title)}</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"
        )
    inside = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style></head>\n<body>\n{inside}\n</body>\n</html>\n"
    )


_STYLE = (
    "body{font-family:serif;margin:2em}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #666;padding:3px 6px;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "thead{display:table-header-group}tr{break-inside:avoid}"
)


def changes_as_markdown(title: str, changes: Sequence[Change]) -> str:
    lines = [f"# {_cell(title)}", ""]
    lines += [f"- {_cell(str(change))}" for change in changes] or ["Nothing changes."]
    return "\n".join(lines) + "\n"


def changes_as_html(title: str, changes: Sequence[Change]) -> str:
    rows = tuple((c.place, c.was or "", c.becomes or "") for c in changes) or (("Nothing changes.", "", ""),)
    return as_html(title, [Section(title="Changes", columns=("What", "Before", "After"), rows=rows)])
