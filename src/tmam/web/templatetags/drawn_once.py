"""`{% drawn_once … %}`: parts of a page that are the same on thousands of pages are drawn once."""

from __future__ import annotations

from collections.abc import Hashable

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

VERSIONS_KEPT = 64


class DrawnOnce(template.Node):
    """A part of a template that depends on its arguments and the reader's language alone."""

    def __init__(self, depends_on: list[FilterExpression], nodelist: NodeList) -> None:
        self.depends_on = depends_on
        self.nodelist = nodelist
        self.drawn: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The part as drawn before for the same values, or now."""
        key = (get_language(), *(each.resolve(context) for each in self.depends_on))
        try:
            drawn = self.drawn.get(key)
        except TypeError:  # a list among the values: nothing to go by
            return self.nodelist.render(context)
        if drawn is None:
            drawn = self.nodelist.render(context)
            if len(self.drawn) >= VERSIONS_KEPT:
                self.drawn.clear()  # whatever the arguments are, there is an end to it
            self.drawn[key] = drawn
        return drawn


@register.tag("drawn_once")
def do_drawn_once(parser: Parser, token: Token) -> DrawnOnce:
    """`{% drawn_once bring_language %}…{% enddrawn_once %}`: name every variable that is used inside."""
    depends_on = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("enddrawn_once",))
    parser.delete_first_token()
    return DrawnOnce(depends_on, nodelist)
