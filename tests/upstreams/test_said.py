import pytest
from django.utils import translation

from apps.upstreams.said import in_words
from apps.wire import sentences


@pytest.mark.parametrize("template", sentences.TEMPLATES)
def test_our_sentences_are_told_in_the_reader_s_language(template):
    words = {"told": "1", "title": "2", "status": "3", "word": "4", "reply": "5"}
    with translation.override("zh-hans"):
        assert in_words(template.format(**words)) == translation.gettext(template).format(**words)


def test_an_upstream_s_own_words_stay_as_they_are():
    with translation.override("zh-hans"):
        assert in_words("Rate limit {reached} for gpt-4o.") == "Rate limit {reached} for gpt-4o."
