from typing import Any

from django.template import Context, Template
from django.utils import translation

from tmam.web.templatetags.drawn_once import VERSIONS_KEPT


def draw(template: Template, **values: Any) -> str:
    return str(template.render(Context(values)))


def test_a_part_is_drawn_once_for_the_same_values() -> None:
    template = Template("{% drawn_once name %}{{ name }} {{ unnamed }}{% enddrawn_once %}!{{ unnamed }}")
    assert draw(template, name="Ana", unnamed=1) == "Ana 1!1"
    assert draw(template, name="Ana", unnamed=2) == "Ana 1!2"
    assert draw(template, name="<b>", unnamed=2) == "&lt;b&gt; 2!2"


def test_each_language_has_its_own() -> None:
    template = Template("{% drawn_once %}{% get_current_language as code %}{{ code }}{% enddrawn_once %}")
    for language in ("en", "es", "en"):
        with translation.override(language):
            assert draw(template) == language


def test_versions_have_an_end() -> None:
    template = Template("{% drawn_once number %}{{ number }}{% enddrawn_once %}")
    (node,) = template.nodelist
    for number in range(VERSIONS_KEPT * 3):
        assert draw(template, number=number) == str(number)
        assert len(node.drawn) <= VERSIONS_KEPT  # type: ignore[attr-defined]  # our own node


def test_values_that_cannot_be_remembered_are_drawn_each_time() -> None:
    template = Template("{% drawn_once names %}{{ names.0 }}{% enddrawn_once %}")
    assert [draw(template, names=["a"]), draw(template, names=["b"])] == ["a", "b"]
