"""From a message to a link: the form, the preview that is the page, and what is pointed out in it."""

import re

import pytest
from django.urls import reverse

from apps.accounts.models import AuditEntry, Instance
from apps.conversations.models import Conversation
from apps.sharing.models import Revision, ShareLink
from tests.sharing.conftest import ANYONE, MEMBERS, NAMED

KEY = "sk-proj-4f9Kq2LmZx81TgVb77"
FORM = {"title": "Retry budgets", "scope": "whole", "audience": ANYONE, "ends": "7", "author": "on"}
BODY = re.compile(r'<header class="share__head">.*', re.DOTALL)


def body(page: str, end: str) -> str:
    return BODY.search(page)[0].split(end)[0].strip()


@pytest.fixture
def browser(talk, client_of):
    return client_of(talk.owner)


@pytest.fixture
def drafted(talk, browser):
    """`drafted(**form)`: the address of the preview of what is asked for."""

    def ask(message=None, query="", **form):
        reply = browser.post(reverse("share_new", args=[(message or talk.answer).pk]) + query, {**FORM, **form})
        assert reply.status_code == 302, reply.content.decode()
        return reply["Location"]

    return ask


def published(browser, preview) -> ShareLink:
    found = re.findall(r'name="remove" value="(\w+)" checked', browser.get(preview).content.decode())
    reply = browser.post(preview, {"remove": found, "publish": "1"})
    return ShareLink.objects.get(pk=reply["Location"].split("/")[2])


def test_the_preview_is_what_readers_see_to_the_letter(talk, browser, drafted, client_of):
    preview = drafted(system_prompt="on", branches="on", attachments="on", parameters="on")
    shown = body(browser.get(preview).content.decode(), "</div>\n      </section>")
    link = published(browser, preview)
    page = client_of(None).get(reverse("share", args=[link.token])).content.decode()
    assert body(page, "</main>") == shown
    assert "canary-system" in shown


def test_the_menu_of_a_conversation_and_of_each_answer_lead_there(talk, browser):
    page = browser.get(reverse("conversation", args=[talk.conversation.pk])).content.decode()
    for name, id in (("share_conversation", talk.conversation.pk), ("share_new", talk.first.pk)):
        address = reverse(name, args=[id])
        assert f'href="{address}"' in page
        assert "Back to the conversation" in browser.get(address, follow=True).content.decode()


def test_likely_secrets_are_out_unless_the_owner_keeps_them_and_the_change_is_seen_first(talk, browser, drafted):
    preview = drafted(talk.say(f"Your key is {KEY}, ask ana@example.org"))
    page = browser.get(preview).content.decode()
    assert f"<code>{KEY}</code>" in page and "<code>ana@example.org</code>" in page
    assert "Your key is [removed], ask [removed]" in page
    keys = dict(re.findall(r'value="(\w+)" checked><span><code>([^<]*)', page))
    mail = next(key for key, text in keys.items() if "@" in text)
    kept = [key for key in keys if key != mail]
    assert browser.post(preview, {"remove": kept, "publish": "1"})["Location"] == preview
    assert not Revision.objects.published().exists()
    assert "Your key is [removed], ask ana@example.org" in re.sub("<[^>]*>", "", browser.get(preview).content.decode())
    assert "/links/" in browser.post(preview, {"remove": kept, "publish": "1"})["Location"]
    assert KEY not in str(list(Revision.objects.values()))


def test_a_draft_that_was_made_before_an_edit_shows_what_was_seen(talk, browser, drafted, client_of):
    preview = drafted()
    talk.say("canary-later")
    Conversation.objects.update(title="canary-renamed")
    link = published(browser, preview)
    assert b"canary" not in client_of(None).get(reverse("share", args=[link.token])).content


def test_named_members_are_named_by_their_addresses(talk, browser, drafted, member):
    link = published(browser, drafted(audience=NAMED, people=f" {member.email.upper()},\n"))
    assert list(link.users.all()) == [member]
    for people, told in (("", "Name at least one"), ("nobody@example.net", "nobody@example.net")):
        form = {**FORM, "audience": NAMED, "people": people}
        reply = browser.post(reverse("share_new", args=[talk.answer.pk]), form)
        assert reply.status_code == 400 and told in reply.content.decode()


def test_a_link_can_be_changed_revised_revoked_and_deleted_by_its_owner(talk, browser, drafted, client_of):
    link = published(browser, drafted(password="a long password"))
    assert "Retry budgets" in browser.get("/links/").content.decode()
    address = reverse("link", args=[link.pk])
    assert reverse("share", args=[link.token]) in browser.get(address).content.decode()
    browser.post(address, {"audience": MEMBERS, "ends": "keep", "forget_password": "on"})
    changed = ShareLink.objects.get()
    assert (changed.audience, changed.password, changed.expires_at) == (MEMBERS, "", link.expires_at)
    talk.say("And so on.")
    form = browser.get(reverse("share_conversation", args=[talk.conversation.pk]) + f"?link={link.pk}", follow=True)
    assert "Who reads it" not in form.content.decode()
    newest = Conversation.objects.get(pk=talk.conversation.pk).head
    assert published(browser, drafted(newest, f"?link={link.pk}")) == link
    assert b"And so on." in browser.get(reverse("share", args=[link.token])).content
    browser.post(reverse("link_revoke", args=[link.pk]))
    assert "revoked" in browser.get("/links/").content.decode()
    browser.post(reverse("link_delete", args=[link.pk]))
    assert not ShareLink.objects.exists()


def test_an_administrator_sees_that_there_are_links_ends_them_and_it_is_written_down(talk, client_of, administrator):
    link = talk.share(title="A title of the owner's own")
    admin = client_of(administrator)
    page = admin.get("/settings/links/").content.decode()
    assert talk.owner.name in page and "A title" not in page and link.token not in page
    admin.post(reverse("any_link_revoke", args=[link.pk]))
    assert client_of(None).get(reverse("share", args=[link.token])).status_code == 410
    admin.post("/settings/links/public/", {"on": "0"})
    assert not Instance.objects.get().public_sharing
    form = client_of(talk.owner).get(reverse("share_new", args=[talk.answer.pk])).content.decode()
    assert "Anyone with the link" not in form
    assert {"sharing.revoke", "sharing.public"} <= set(AuditEntry.objects.values_list("action", flat=True))


def test_links_and_what_they_show_go_with_their_conversation_and_a_group_is_not_held_by_them(talk, user):
    from django.contrib.auth.models import Group

    from apps.accounts.groups import delete_group

    group = Group.objects.create(name="Readers")
    talk.share(audience=NAMED, groups=[group])
    delete_group(group=group)
    assert ShareLink.objects.get().audience == NAMED
    talk.conversation.delete()
    assert not ShareLink.objects.exists() and not Revision.objects.exists()
