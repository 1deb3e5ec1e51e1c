"""Cite the law in templates: {{ "22.1"|cite:"cn-2022" }} and the address of its words."""

from django import template

from huiyin.core.text import Text
from huiyin.site import articles

register = template.Library()


@register.filter
def cite(article: str, book: str) -> Text:
    """The article as it is cited; print it with `say`."""
    return articles.cite(article, book)


@register.filter
def article_href(article: str, book: str) -> str:
    """Where the article can be read."""
    return articles.href(article, book)


@register.filter
def anchor(article: str) -> str:
    """The id of an article on its rulebook's page."""
    return articles.anchor(article)
