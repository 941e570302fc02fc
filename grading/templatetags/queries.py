"""The way from a record on a page to its queries."""

from typing import Any

from django import template

from grading.queries.selectors import RecordLinks

register = template.Library()


@register.inclusion_tag("queries/_record_link.html", takes_context=True)
def record_link(context: template.Context, fact: Any) -> dict[str, Any]:
    """Where something is asked about the record, or the reader may ask. `record_links`: of the page's view."""
    links: RecordLinks | None = context.get("record_links")
    waiting = 0 if links is None else links.waiting.get(fact.root, 0)
    shown = links is not None and (links.asks or waiting > 0)
    return {"fact": fact, "table": fact._meta.db_table, "waiting": waiting, "shown": shown}
