"""What a reader of a link gets, byte by byte, and what no reader ever gets."""

import re

import pytest
from django.urls import reverse

from apps.conversations import edit as conversations
from apps.conversations.models import Conversation
from apps.runs.models import Run
from apps.sharing import edit
from apps.sharing.freeze import Choice, NotShared
from apps.sharing.models import RevisionFile, ShareLink
from apps.wire.messages import Citation, Reasoning, Text, ToolCall
from tests.hostile.corpus import NAMES, TEXTS
from tests.sharing.conftest import MEMBERS

# Of the page itself, in their order.
TAGS = [
    *['<meta charset="">', '<meta name="" content="">', '<meta name="" content="">', '<meta name="" content="">'],
    *['<meta name="" content="">', '<meta property="" content="">', '<meta property="" content="">'],
    *['<link rel="" href="" type="">', '<link rel="" href="">', '<script type="" src="">', '<script type="" src="">'],
    '<script type="" src="" data-live="">',
]
ADDRESS = re.compile(r'(?:src|href)="([^"]+)"')


def everything_of(browser, link) -> bytes:
    """Every byte that a reader can be sent: pages, headers, files."""
    page = browser.get(reverse("share", args=[link.token]))
    assert page.status_code == 200
    own = {path for path in ADDRESS.findall(page.content.decode()) if path.startswith(("/s/", "/assets/"))}
    assert not [path for path in own if path.startswith("/assets/")]
    replies = [page, *(browser.get(path) for path in sorted(own))]
    return b"\n".join(
        reply.serialize_headers() + (b"".join(reply.streaming_content) if reply.streaming else reply.content)
        for reply in replies
    )


def test_nothing_but_the_revision_is_in_any_byte_of_the_page_its_headers_and_its_files(talk, client_of, member):
    link = talk.share(title="Retry budgets")
    talk.say("canary-later")
    conversations.rename(conversation=talk.conversation, title="canary-renamed")
    type(talk.owner).objects.filter(pk=talk.owner.pk).update(name="canary-person")
    Conversation.objects.update(system_prompt="canary-changed")
    for browser in (client_of(None), client_of(member), client_of(talk.owner)):
        sent = everything_of(browser, link)
        assert b"Retries are traffic." in sent and b"query_metrics" in sent and b"Cascading failures" in sent
        assert b"canary" not in sent
        assert not [id for id in _ids(talk) if id in sent]
    assert "canary" not in str(link.revisions.get().content)


def _ids(talk) -> list[bytes]:
    """The ids under which the owner keeps things."""
    rows = [talk.conversation, talk.attached, talk.made, talk.prompt, talk.answer, talk.model, *Run.objects.all()]
    return [str(row.pk).encode() for row in rows]


def test_what_is_ticked_is_shown_and_its_files_with_it(talk, client_of):
    link = talk.share(system_prompt=True, parameters=True, attachments=True, branches=True)
    sent = everything_of(client_of(None), link)
    for words in ("system", "parameter", "attached", "file.txt", "other-prompt", "other-answer"):
        assert f"canary-{words}".encode() in sent, words
    for words in ("signature", "call", "upstream", "address", "answer-id", "quote"):
        assert f"canary-{words}".encode() not in sent, words


def test_an_answer_that_failed_says_so_and_not_where_the_upstream_is(talk, client_of, member):
    link = talk.share(talk.fail())
    sent = everything_of(client_of(None), link)
    assert b"This answer failed." in sent and b"canary" not in sent and b"127.0.0.1" not in sent
    on = client_of(member).post(reverse("share_continue", args=[link.token]), follow=True).content
    assert b"This answer failed." in on and b"127.0.0.1" not in on


def test_one_answer_is_shared_with_its_prompt_and_nothing_before_or_behind_it(talk, client_of):
    page = client_of(None).get(reverse("share", args=[talk.share(whole=False).token])).content.decode()
    assert "Say it in short." in page and "Retries are traffic." in page
    assert "multiply" not in page
    up_to = talk.share(talk.first)
    page = client_of(None).get(reverse("share", args=[up_to.token])).content.decode()
    assert "multiply" in page and "Say it in short." not in page


def test_a_new_revision_stands_under_the_same_link_and_nothing_of_the_old_one_is_left(talk, client_of):
    link = talk.share(parameters=True)
    path, old_file = reverse("share", args=[link.token]), RevisionFile.objects.get()
    old_path = reverse("share_file", args=[link.token, old_file.pk, "made.png"])
    browser = client_of(None)
    assert b"canary-parameter" in browser.get(path).content and browser.get(old_path).status_code == 200
    edit.publish(revision=edit.draft(message=talk.say("And so on."), choice=Choice(title="Later"), link=link))
    page = browser.get(path).content
    assert b"And so on." in page and b"canary" not in page
    assert browser.get(old_path).status_code == 410
    assert "canary" not in str(list(link.revisions.values()))


def test_a_file_of_another_revision_or_link_is_not_served_under_this_one(talk, client_of):
    first, second = talk.share(), talk.share(attachments=True)
    for file in RevisionFile.objects.filter(revision__link=second):
        assert client_of(None).get(reverse("share_file", args=[first.token, file.pk, "x"])).status_code == 410
    asset = reverse("share_file", args=[first.token, talk.made.pk, "made.png"])
    assert client_of(None).get(asset).status_code == 410


def test_a_picture_that_stands_in_a_text_is_served_by_the_link_and_no_other_file_of_the_owner_is(talk, client_of):
    text = f"![made](/assets/{talk.made.pk}/made.png) ![yours](/assets/{talk.attached.pk}/canary.txt)"
    link = talk.share(talk.say(text), whole=False)
    sent = everything_of(client_of(None), link)
    assert b"image/png" in sent
    assert b"canary-attached" not in sent and str(talk.attached.pk).encode() not in sent
    assert RevisionFile.objects.filter(revision__link=link).count() == 1


def test_what_only_went_along_is_not_shared_because_an_answer_gives_its_address(talk, client_of):
    answer = talk.say(f"![yours](/assets/{talk.attached.pk}/canary.txt)")
    assert b"canary" not in everything_of(client_of(None), talk.share(answer))
    assert b"canary-attached" in everything_of(client_of(None), talk.share(answer, attachments=True))


def test_hostile_text_is_text_wherever_it_stands(talk, client_of):
    texts = [*TEXTS.values(), *NAMES]
    parts = [part for text in texts for part in (Reasoning(text), Text(text), ToolCall(name=text, arguments=text))]
    parts += [Citation(url=text, title=text) for text in texts]
    link = talk.share(talk.say(*parts), title=NAMES[0], whole=False)
    page = client_of(None).get(reverse("share", args=[link.token])).content.decode()
    tags = re.findall(r"<[a-zA-Z][^>]*>", page)
    bare = [re.sub(r'"[^"]*"', '""', tag) for tag in tags]
    assert [tag for tag in bare if re.search(r"\son\w+=|\shx-|\sstyle=|\ssrcdoc", tag)] == []
    assert [tag for tag in bare if re.match(r"<(script|iframe|object|embed|meta|base|link|form)\b", tag)] == TAGS
    addresses = [address for tag in tags for address in re.findall(r'\s(?:href|src)="([^"]*)"', tag)]
    known = re.compile(r"/|#|https?://|mailto:|data:image/|\?lang=")
    assert [address for address in addresses if not known.match(address)] == []
    assert [tag for tag in tags if tag.startswith(("<img", "<audio", "<video")) and "://" in tag] == []


def test_the_page_is_kept_by_no_search_engine_and_by_no_cache_that_outlives_the_link(talk, client_of):
    browser = client_of(None)
    link = talk.share()
    path = reverse("share", args=[link.token])
    page = browser.get(path)
    assert page["X-Robots-Tag"].startswith("noindex") and b'name="robots" content="noindex' in page.content
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert {"Cookie", "Accept-Language"} <= set(page["Vary"].split(", "))
    assert page["Cache-Control"] == "private, no-cache"
    assert "csrftoken" not in browser.cookies and "sessionid" not in browser.cookies
    file = reverse("share_file", args=[link.token, RevisionFile.objects.get().pk, "made.png"])
    kept = browser.get(file)
    assert (kept["Cache-Control"], kept["Referrer-Policy"]) == ("private, no-cache", "no-referrer")
    for address, reply in ((path, page), (file, kept)):
        assert browser.get(address, headers={"If-None-Match": reply["ETag"]}).status_code == 304
    edit.revoke(link=link, by=talk.owner)
    for address, reply in ((path, page), (file, kept)):
        assert browser.get(address, headers={"If-None-Match": reply["ETag"]}).status_code == 410


def test_what_is_not_for_everybody_is_kept_nowhere(talk, client_of, member):
    link = talk.share(audience=MEMBERS)
    page = client_of(member).get(reverse("share", args=[link.token]))
    file = client_of(member).get(reverse("share_file", args=[link.token, RevisionFile.objects.get().pk, "made.png"]))
    assert page["Cache-Control"] == file["Cache-Control"] == "private, no-store"


def test_views_are_counted_for_people_who_open_it_and_for_nobody_else(talk, client_of, member):
    link = talk.share()
    path = reverse("share", args=[link.token])
    client_of(None).get(path)
    client_of(member).get(path)
    client_of(talk.owner).get(path)
    client_of(None).head(path)
    client_of(None).get(path, headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
    client_of(None).get(path, headers={"Sec-Purpose": "prefetch"})
    client_of(None).get(f"{path}live/")
    assert ShareLink.objects.get().views == 2


def test_an_answer_that_is_still_written_is_not_shared(talk):
    Run.objects.filter(message=talk.answer).update(status=Run.Status.RUNNING)
    with pytest.raises(NotShared):
        edit.draft(message=talk.answer, choice=Choice())
    assert not ShareLink.objects.exists()


def test_a_reader_changes_the_language_by_a_link(talk, client_of):
    path = reverse("share", args=[talk.share().token])
    page = client_of(None).get(f"{path}?lang=zh-hans").content.decode()
    assert '<html lang="zh-hans"' in page and "?lang=en" in page
    assert '<html lang="en"' in client_of(None).get(f"{path}?lang=../x").content.decode()
