"""What the wire says of a failure, in the reader's language where the words are our own."""

from django.utils.translation import gettext as _

from apps.wire.sentences import template_of


def in_words(message: str) -> str:
    """Our sentence translated; an upstream's own words as they are."""
    found = template_of(message)
    return message if found is None else _(found[0]).format(**found[1])
