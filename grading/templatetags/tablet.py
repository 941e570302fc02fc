"""What pages ask about a tablet's outbox."""

from django import template

register = template.Library()
KINDS = frozenset({"vitals", "neuro", "treatment", "dose"})


@register.filter
def goes_by_outbox(kind: str) -> bool:
    """Whether what this page saves is kept on a tablet first, and sent then."""
    return kind in KINDS
