"""Signatures wherever a signed record is shown, and the way to the old values of what was corrected."""

from typing import Any

from django import template
from django.urls import reverse

from grading.review.signatures.selectors import signatures_of
from grading.review.signatures.words import lines_of

register = template.Library()


@register.inclusion_tag("review/signatures/_of_record.html", takes_context=True)
def signatures_of_record(context: template.Context, kind: str, root: Any) -> dict[str, Any]:
    """All signatures of a record that the page shows, void ones too, as far as its reader sees them."""
    user = context["user"]
    lines = lines_of(signatures_of(user, kind, [str(root)]), user)
    return {"lines": lines, "kind": kind, "root": root, "nameless": context.get("nameless", False)}


@register.filter
def table_of(fact: Any) -> str:
    """As the trail names the kind of a fact."""
    return str(fact._meta.db_table)


@register.inclusion_tag("review/trail/_corrected.html", takes_context=True)
def corrected_mark(context: template.Context, fact: Any) -> dict[str, Any]:
    """Where a value is shown that is not the first one: one tap to what it was. Whoever is told no ward sees the word
    alone."""
    if fact is None or fact.supersedes_id is None:
        return {"corrected": False}
    address = f"{reverse('history', args=[fact.participant_id])}?kind={table_of(fact)}&root={fact.root}"
    return {"corrected": True, "address": "" if context.get("nameless") else address}
