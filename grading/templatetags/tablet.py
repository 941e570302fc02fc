"""What pages ask about a tablet's outbox."""

from django import template

from grading.bedside.tablet_words import came_text

register = template.Library()
register.filter("came_text", came_text)
KINDS = frozenset({"vitals", "neuro", "treatment", "dose"})


@register.filter
def goes_by_outbox(kind: str) -> bool:
    """Whether what this page saves is kept on a tablet first, and sent then."""
    return kind in KINDS
