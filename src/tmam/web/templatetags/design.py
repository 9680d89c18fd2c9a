"""Template words of the design system: icons and form fields."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tmam.catalog.models import Event
from tmam.organizers.models import Organizer
from tmam.web.help.markdown import render_markdown
from tmam.web.posters import poster_path

register = template.Library()

SPRITE = "vendor/lucide/icons.svg"
LOOKS = {
    "radioselect": "choices",
    "checkboxselectmultiple": "choices",
    "checkbox": "checkbox",
    "hidden": "hidden",
}


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """`{% icon "ticket" %}`: a picture from the sprite, silent to screen readers because words stand beside it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {css_class}" if css_class else "",
        static(SPRITE),
        name,
    )


@register.filter
def field_look(field: BoundField) -> str:
    """Which shape of `_field.html` a Django field takes: `choices`, `checkbox`, `hidden` or `input`."""
    return LOOKS.get(field.widget_type, "input")


@register.filter
def styled(field: BoundField) -> SafeString:
    """The field's own widget in our look. Django ties it to its hint and error (`aria-describedby`)."""
    given = str(field.field.widget.attrs.get("class", ""))
    return field.as_widget(attrs={"class": f"input {given}".strip()})


@register.filter
def first_input_id(field: BoundField) -> str:
    """The id that a link in the error summary jumps to: the input, or the first of a group of choices."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def markdown(text: str) -> SafeString:
    """A text in Markdown as HTML; HTML inside it is shown, not obeyed."""
    return render_markdown(text)


@register.simple_tag
def brand_css(organizer: Organizer) -> SafeString:
    """`{% brand_css organizer %}` in block `head`: the organizer's accent for this page."""
    return format_html(
        '<link rel="stylesheet" href="/brand/{}.css?v={}">', organizer.pk, organizer.accent_hue
    )


@register.simple_tag
def poster_src(event: Event) -> str:
    """`<img src="{% poster_src event %}">`: the address of an event's poster, cacheable forever."""
    return poster_path(event.pk, event.poster_seed)
