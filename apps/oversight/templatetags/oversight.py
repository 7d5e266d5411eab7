"""What an owner is told: `{% openings_of user conversation as openings %}`, who may read or has read this, and
`{% exports_of user as exports %}`, who took everything of theirs along."""

from django import template

from .. import queries

register = template.Library()


@register.simple_tag
def openings_of(owner, conversation=None):
    return queries.notices(owner, conversation)


@register.simple_tag
def exports_of(owner):
    return queries.exports_of(owner)
