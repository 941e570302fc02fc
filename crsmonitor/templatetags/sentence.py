"""A sentence that is put together of parts, over as many lines as it needs."""

import re

from django import template
from django.template.base import NodeList, Parser, TextNode, Token

register = template.Library()
LINE_BREAK = re.compile(r"[ \t]*\n\s*")


class SentenceNode(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> str:
        return self.nodelist.render(context)


@register.tag
def sentence(parser: Parser, token: Token) -> SentenceNode:
    """Line breaks of the template, with their indentation, count for nothing within.

    What stands between parts is `{% comma %}`, `{% colon %}` or `{{ " " }}`: Chinese has no blank behind its marks, and
    a line break would be one. Values and what is included stay as they are.
    """
    nodelist = parser.parse(("endsentence",))
    parser.delete_first_token()
    in_tag = False
    for node in nodelist.get_nodes_by_type(TextNode):
        node.s, in_tag = joined(node.s, in_tag=in_tag)
    return SentenceNode(nodelist)


def joined(text: str, *, in_tag: bool) -> tuple[str, bool]:
    """The text without its line breaks, and whether it ends within an HTML tag: there a blank parts attributes."""
    parts = []
    for part in re.split("([<>])", text):
        in_tag = part == "<" or (in_tag and part != ">")
        parts.append(LINE_BREAK.sub(" " if in_tag else "", part))
    return "".join(parts), in_tag
