from string import Formatter

import pytest
from django.utils import translation

from apps.upstreams.said import in_words
from apps.wire import sentences


@pytest.mark.parametrize("template", sentences.TEMPLATES)
def test_our_sentences_are_told_in_the_reader_s_language(template):
    words = {name: str(place) for place, (_text, name, *_rest) in enumerate(Formatter().parse(template)) if name}
    with translation.override("zh-hans"):
        assert in_words(template.format(**words)) == translation.gettext(template).format(**words)


def test_an_upstream_s_own_words_stay_as_they_are():
    with translation.override("zh-hans"):
        assert in_words("Rate limit {reached} for gpt-4o.") == "Rate limit {reached} for gpt-4o."
