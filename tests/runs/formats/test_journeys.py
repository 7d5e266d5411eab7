"""What a message can carry, in every format: by the page's form, the runner and a real upstream, into the page."""

import base64
import json

import pytest

from apps.media.models import Asset
from apps.sandbox.library import SOURCES, picture, text
from apps.wire.formats import FORMATS
from apps.wire.messages import Citation, HostedTool, Image, Reasoning, Text
from tests.media import files

from .talking import content_of, is_complete

pytestmark = pytest.mark.django_db(transaction=True)
every_format = pytest.mark.parametrize("format", FORMATS)

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"city": {"type": "string"}, "people": {"type": "integer", "minimum": 10}},
        "required": ["city", "people"],
        "additionalProperties": False,
    }
)
# What a format may carry, by the word of `Format.takes`: a file, and how the sandbox tells it by its bytes.
CARRIED = {
    "image": ("a.png", files.picture("PNG"), "image/png", ", 40 × 20 pixels"),
    "pdf": ("a.pdf", files.pdf(), "application/pdf", ", 1 pages"),
    "audio": ("a.wav", files.wav(), "audio/wav", ", 1.0 seconds"),
    "video": ("a.mp4", files.mp4(), "video/mp4", ""),
    "text_file": ("a.txt", b"Dear all, and nothing more", "text/plain", ", beginning: Dear all"),
}


@every_format
def test_a_text_is_answered_kept_metered_and_shown(new_talk, format):
    said = "Grüße, **中文** and 👩‍🚀\n\n- one\n- two"
    answer = new_talk(format).ask("sandbox-echo@0", said)
    assert is_complete(answer)
    assert (answer.text, set(answer.kinds)) == (said, {Text})
    assert "<strong>中文</strong>" in answer.shown and "<li>two" in answer.shown
    assert answer.run.left_out == []


@every_format
@pytest.mark.parametrize("kind", CARRIED)
def test_a_file_goes_along_or_is_refused_by_a_sentence(new_talk, format, kind):
    talk = new_talk(format)
    name, data, told, detail = CARRIED[kind]
    asset = talk.attach(data, name)
    if kind not in FORMATS[format].takes:
        refused = talk.post("sandbox-attachments@0", "Look", assets=[asset])
        sentence = f"{FORMATS[format].label} cannot carry {name}: choose another format, or remove the file."
        assert refused.status_code == 422 and sentence in refused.content.decode()
        assert talk.newest() is None
        return
    answer = talk.ask("sandbox-attachments@0", "Look", assets=[asset])
    assert is_complete(answer)
    assert answer.text.startswith(f"This is what arrived:\n\n- {told}"), answer.text
    assert f", {asset.size} bytes{detail}" in answer.text and "declared as" not in answer.text
    assert str(asset.size) in answer.words


@every_format
def test_an_answer_by_a_schema_is_checked_and_shown_as_a_tree(new_talk, format):
    answer = new_talk(format).ask("sandbox-echo@0", schema=SCHEMA, schema_strict="1")
    assert is_complete(answer)
    assert json.loads(answer.text) == {"city": "sandbox", "people": 10}
    assert answer.run.violations == []
    assert "Follows its schema" in answer.words and 'class="tree"' in answer.shown


@every_format
def test_a_search_is_cited_where_its_words_stand(new_talk, format):
    talk = new_talk(format)
    answer = talk.ask("sandbox-search@0", "Where does it boil?", web_search="1")
    assert is_complete(answer)
    said = "Water boils at 100 °C at sea level, and at about 70 °C on Mount Everest."
    assert answer.text == said
    # Messages names no places: a source stands behind its block of text.
    places = (said, said) if format == "anthropic_messages" else tuple(said.split(", "))
    assert answer.cited() == [(url, title, place) for (url, title), place in zip(SOURCES.items(), places, strict=True)]
    assert answer.shown.count('class="cite"') == 2 and answer.shown.count('<span class="num">') == 2
    assert all(title in answer.words for title in SOURCES.values())


@every_format
def test_the_state_of_a_search_is_kept_where_the_format_has_a_word_for_it(new_talk, format, sandbox):
    answer = new_talk(format).ask("sandbox-search@0", "Where does it boil?", web_search="1")
    if format == "openai_chat":
        assert "web_search_options" in sandbox.stats()["last_request"]
        assert set(answer.kinds) == {Text, Citation}
    else:
        [search] = answer.of(HostedTool)
        assert (search.name, search.status) == ("web_search", "completed")
        assert "Where does it boil?" in search.arguments
        assert "Searched the web: Where does it boil?" in answer.words


@every_format
def test_a_picture_becomes_a_file_of_its_owner(new_talk, format):
    talk = new_talk(format)
    answer = talk.ask("sandbox-images@0", "Paint")
    assert is_complete(answer)
    assert [kind for kind in answer.kinds if kind is not HostedTool] == [Text, Image, Text]
    [image] = answer.of(Image)
    asset = Asset.objects.get(pk=image.asset)
    assert (asset.owner, image.media_type, image.data) == (talk.person, "image/png", "")
    assert content_of(image) == picture()
    assert f'<img src="{asset.url}"' in answer.shown and "Say the word" in answer.words
    assert b"".join(talk.client.get(asset.url)) == base64.b64decode(picture())


@every_format
def test_signed_thoughts_are_shown_and_handed_back_as_they_came(new_talk, format, sandbox):
    talk = new_talk(format)
    first = talk.ask("sandbox-signed@0")
    assert is_complete(first)
    assert (first.kinds[0], set(first.kinds[1:])) == (Reasoning, {Text})
    assert (first.parts[0].text, first.text) == (text("reasoning_thoughts"), text("reasoning_answer"))
    assert first.shown.index("<details") < first.shown.index('class="prose"') and "Reasoned for" in first.words
    [signature] = {found for part in first.parts for found in signatures(part.opaque)}
    second = talk.ask("sandbox-signed@0", "And now?")
    assert is_complete(second), "the sandbox refuses thoughts that are not as it gave them"
    assert second.text == text("reasoning_answer")
    assert signature in json.dumps(sandbox.stats()["last_request"])


@every_format
def test_thoughts_that_were_altered_are_noticed(new_talk, format):
    """By the sandbox: so that the test before this one says something."""
    talk = new_talk(format)
    first = talk.ask("sandbox-signed@0")
    for row in first.run.message.parts.exclude(data__opaque=None):
        for signature in signatures(json.loads(row.data["opaque"])):
            row.data["opaque"] = row.data["opaque"].replace(signature, f"{signature[:-8]}AAAAAAA=")
            row.save()
    second = talk.ask("sandbox-signed@0", "And now?")
    assert (second.run.status, second.text) == ("completed", text("reasoning_answer"))
    assert [call.retries for call in second.calls] == [1], "it is asked once more, without them"


@every_format
def test_thoughts_that_another_account_gave_are_left_away_and_the_turn_is_answered(new_talk, format):
    talk = new_talk(format)
    talk.ask("sandbox-other-account@0")
    second = talk.ask("sandbox-other-account@0", "And now?")
    assert (second.run.status, second.text) == ("completed", text("reasoning_answer"))
    assert [call.retries for call in second.calls] == [1]


def signatures(opaque) -> list[str]:
    """What the sandbox signed with, wherever the format put it."""
    if isinstance(opaque, dict):
        return [found for inner in opaque.values() for found in signatures(inner)]
    if isinstance(opaque, list):
        return [found for inner in opaque for found in signatures(inner)]
    return [opaque] if isinstance(opaque, str) and len(opaque) == 88 else []
