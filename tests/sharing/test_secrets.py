"""Likely secrets are pointed out, and taken out wherever and however they are written."""

import html
import io
import json
import re
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.conversations import edit as conversations
from apps.media import store
from apps.runs.models import Run
from apps.sharing import edit, secrets
from apps.sharing.content import STRUCTURE, texts
from apps.sharing.written import Written
from apps.wire.messages import Citation, File, HostedTool, Reasoning, Text, ToolCall, ToolResult

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7v\nx+3=\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
KEY = "sk-proj-4f9Kq2LmZx81TgVb77"
SECRETS = {
    f"OPENAI_API_KEY={KEY}": (KEY, "vendor"),
    "key sk-ant-api03-aBcD1234efGH5678": ("sk-ant-api03-aBcD1234efGH5678", "vendor"),
    "AKIAIOSFODNN7EXAMPLE is mine": ("AKIAIOSFODNN7EXAMPLE", "vendor"),
    "use ghp_16C7e42F292c6912E7710c838347Ae178B4a.": ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "vendor"),
    "AIzaSyA-1234567890abcdefghijklmnopqrstu": ("AIzaSyA-1234567890abcdefghijklmnopqrstu", "vendor"),
    "hf_abcdefghijklmnopqrst": ("hf_abcdefghijklmnopqrst", "vendor"),
    "xoxb-1234567890-abcdefghij": ("xoxb-1234567890-abcdefghij", "vendor"),
    "sk_live_4eC39HqLyjWDarjtT1": ("sk_live_4eC39HqLyjWDarjtT1", "vendor"),
    f"my key:\n{PEM}\nthanks": (PEM, "private"),
    f"token {JWT}": (JWT, "jwt"),
    "Authorization: Bearer abcdef123456.xyz": ("abcdef123456.xyz", "bearer"),
    "postgres://app:hunter22@db.example/app": ("app:hunter22", "password"),
    'password = "correct horse"': ("correct horse", "password"),
    "Your password is hunter22!": ("hunter22!", "assigned"),
    "我的密码是 hunter2hunter2": ("hunter2hunter2", "assigned"),
    "write to ana.petrov@example.org, please": ("ana.petrov@example.org", "email"),
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c": ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c", "random"),
}
HARMLESS = (
    "claude-sonnet-4-5-20250929 and gpt-4.1-mini-2025-04-14",
    "/usr/local/lib/python3.11/site-packages/django/core",
    "https://docs.example.org/en/latest/reference/configuration.html#section-12",
    "01a20a1c-c5e1-7197-a687-1456a1586bd3",
    "a_function_with_a_very_long_name_indeed_v2",
    "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk",
    "![x](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk)",
    "The secret: be kind.",
    '{"password": "string", "token": "required"}',
    "The secret is hidden in password: string, token = get_token(request1)",
)


def cleaned(text: str, secret: str) -> str:
    return secrets.remove({"title": text, "turns": []}, [secrets.Finding("", "vendor", secret, 1)])["title"]


@pytest.mark.parametrize("text", SECRETS)
def test_a_likely_secret_is_found_by_its_kind(text):
    secret, kind = SECRETS[text]
    assert [(each.text, each.kind) for each in secrets.find({"title": text})][:1] == [(secret, kind)]
    assert secret not in cleaned(text, secret)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_is_long_is_no_secret(text):
    assert secrets.find({"title": text}) == []


WAYS = {
    "as it is": str,
    "as Markdown escapes it": lambda text: re.sub(r"([_*\-.@])", r"\\\1", text),
    "as HTML numbers it": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "as HTML names it": lambda text: html.escape(text).replace("_", "&lowbar;").replace("@", "&commat;"),
    "as an address quotes it": lambda text: quote(text, safe=""),
    "as JSON escapes it": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "with emphasis in it": lambda text: f"{text[:5]}**{text[5:]}**",
    "with something invisible in it": lambda text: f"{text[:7]}\u200b{text[7:]}",
    "in other letters": str.upper,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_taken_out_however_it_is_written(way):
    written = WAYS[way](KEY)
    done = cleaned(f"before {written} behind", KEY)
    assert done.replace("*", "") == "before [removed] behind"


def test_it_is_found_in_every_place_and_taken_out_of_every_place(talk):
    told = json.dumps({"key": KEY, "nested": {KEY: ["x", KEY]}})
    link = talk.share(
        talk.say(
            Reasoning(f"I know {KEY}"),
            ToolCall(id="1", name=KEY, arguments=told),
            ToolResult(call_id="1", content=told),
            HostedTool(name="web_search", arguments=told, status="completed"),
            Text(f"It is `{KEY}`, ![{KEY}](https://x.example/{KEY}.png)"),
            Citation(url=f"https://x.example/?key={KEY}", title=f"About {KEY}"),
        ),
        title=f"On {KEY}",
        parameters=True,
    )
    content = link.revisions.get().content
    assert KEY not in json.dumps(content)
    assert sum(text.count("[removed]") for text in texts(content)) >= 15


def test_citations_point_behind_the_same_words_once_a_secret_before_them_is_gone(talk, client_of):
    said = f"First {KEY} came. Then rain."
    end = said.index("Then rain.") + len("Then rain.")
    cited = Citation(url="https://x.example/", title="Rain", start=end - 10, end=end)
    link = talk.share(talk.say(Text(said[:9]), Text(said[9:]), cited), whole=False)
    page = client_of(None).get(f"/s/{link.token}/").content.decode()
    assert re.search(r'First \[removed\] came\. Then rain\.<a class="cite"', page)


def test_a_text_that_goes_along_with_likely_secrets_in_it_is_pointed_out_and_left_out(talk, client_of):
    file = io.BytesIO(f"OPENAI_API_KEY={KEY}".encode())
    asset = store.keep_upload(owner=talk.owner, file=file, size=len(file.getvalue()), name="settings.txt")
    prompt = conversations.add_message(
        conversation=talk.conversation,
        parent=talk.answer,
        role="user",
        parts=[File(name="settings.txt", media_type="text/plain", asset=str(asset.pk)), Text("What is wrong?")],
    )
    draft = edit.draft(message=prompt, choice=edit.Choice(title="x", attachments=True))
    assert [(each.kind, each.text) for each in secrets.find(draft.raw)] == [("file", "settings.txt")]
    link = edit.publish(revision=draft)
    page = client_of(None).get(f"/s/{link.token}/").content.decode()
    assert "What is wrong?" in page and "canary-file.txt" in page and "settings.txt" not in page
    assert asset.pk not in link.revisions.get().files.values_list("asset", flat=True)


def test_parameters_may_have_any_names_and_a_secret_is_found_under_each(talk):
    Run.objects.update(extra={name: {"id": KEY} for name in STRUCTURE})
    content = talk.share(parameters=True).revisions.get().content
    assert KEY not in json.dumps(content) and "[removed]" in json.dumps(content)


def test_what_a_tool_found_stays_with_it_where_a_file_before_it_is_left_out():
    file, tool = {"kind": "file", "asset": "a"}, {"kind": "hosted_tool", "name": "web_search"}
    turn = {"number": 1, "role": "assistant", "parts": [file, tool], "found": {"1": "rain"}}
    data = {"title": "x", "turns": [turn], "files": {"a": "keys.txt"}, "suspects": {"a": 1}}
    (left,) = secrets.remove(data, secrets.find(data))["turns"]
    assert (left["parts"], left["found"]) == ([tool], {"0": "rain"})


@given(st.text(alphabet="ab\\*`&#;64u00_%4<>/ \u200b", max_size=40))
def test_every_letter_that_a_reader_sees_has_its_span_in_the_source(source):
    written = Written(source)
    spans = [written.source(at, at + 1) for at in range(len(written.text))]
    assert all(0 <= start < end <= len(source) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    letters = zip(written.text, spans, strict=True)
    assert all(source[start:end] == letter for letter, (start, end) in letters if end - start == 1)
