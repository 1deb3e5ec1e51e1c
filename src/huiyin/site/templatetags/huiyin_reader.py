"""Show a petition to an officer as it reads to them: how each page of the desk says a subject."""

from django import template

from huiyin.reading import mask
from huiyin.registry import masking
from huiyin.registry.access import Acting
from huiyin.registry.models import Petition

register = template.Library()


@register.filter
def subject_for(petition: Petition, acting: Acting) -> str:
    """The subject: as it is for the petition's handlers, masked for everybody else."""
    return masking.subject_for(acting, petition)


@register.filter
def masked(words: str) -> str:
    """What one body wrote to another or put into minutes, which nobody reads as a petition's handler."""
    return mask.masked(words)
