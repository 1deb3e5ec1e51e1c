"""Show a petition to an officer as it reads to them: how each page of the desk says a subject."""

from django import template
from django.conf import settings

from huiyin.reading import mask
from huiyin.registry import masking, sealing
from huiyin.registry.access import Acting
from huiyin.registry.models import Petition
from huiyin.site.forms import say_later

register = template.Library()
COVERS = frozenset(sealing.COVER.say(code) for code, _name in settings.LANGUAGES)


@register.filter
def subject_for(petition: Petition, acting: Acting) -> str:
    """The subject: as it is for the petition's handlers, masked for everybody else.

    What stands there for a report under seal is the house's own sentence, and said in the page's language.
    """
    shown = masking.subject_for(acting, petition)
    return str(say_later(sealing.COVER)) if shown in COVERS else shown


@register.filter
def masked(words: str) -> str:
    """What one body wrote to another or put into minutes, which nobody reads as a petition's handler."""
    return mask.masked(words)
