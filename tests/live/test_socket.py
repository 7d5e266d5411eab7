"""The page's socket: mostly refusals, then what it brings."""

import asyncio
import base64
import json
import re
import uuid

import msgspec
import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.sessions.models import Session

from apps.conversations import edit
from apps.conversations.models import Conversation
from apps.live import follow
from apps.media import store
from apps.media.models import Asset
from apps.runs import start
from apps.runs.hub import hub as running
from apps.runs.models import Run
from apps.upstreams.models import Model
from apps.work import news
from playground.asgi import application, close
from tests.waiting import until_async

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def hub(transactional_db):
    """The hub on the test's loop; whatever the application binds to that loop ends with it."""
    running.attach()
    yield running
    await close()


class Page:
    """A page's socket and the HTML that its frames brought."""

    def __init__(self, cookies="", origin="http://localhost"):
        headers = [(b"cookie", cookies.encode()), (b"origin", origin.encode()), (b"host", b"localhost")]
        self.socket = WebsocketCommunicator(application, "/ws/", headers=headers)
        self.frames = []

    async def open(self):
        return (await self.socket.connect(timeout=60))[0]

    async def watch(self, what, id, **more):
        await self.socket.send_json_to({"watch": what, "id": str(id), "headers": {}, **more})

    async def until(self, pattern):
        """Reads frames until their HTML, all together, matches."""
        async with asyncio.timeout(60):
            while not re.search(pattern, self.html, re.S):
                self.frames.append(await self.socket.receive_from(timeout=60))

    @property
    def html(self):
        return "".join(self.frames)

    async def close(self):
        await self.socket.disconnect()


@pytest.fixture
async def page_of(client_of):
    opened = []

    async def open_page(person):
        client = await sync_to_async(client_of)(person)
        page = Page(f"sessionid={client.cookies['sessionid'].value}")
        assert await page.open()
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        await page.close()


@pytest.fixture
def begin(sandbox_upstream, member):
    """Starts a turn of `member` on the hub."""

    @sync_to_async
    def plan_for(name, text):
        model = Model.objects.get(upstream=sandbox_upstream, name=name)
        talk = edit.create(owner=member, model=model, first_text=text)
        plan = start.send(conversation=talk, turn_id=uuid.uuid4(), text=text, model=model)
        return msgspec.structs.replace(plan, wants_title=False)

    async def begin(hub, name="sandbox-markdown", text="hello", tab=""):
        plan = msgspec.structs.replace(await plan_for(name, text), tab=tab)
        hub.begin(plan)
        return plan

    return begin


async def test_nobody_is_refused_with_a_code_that_is_not_retried(hub):
    page = Page()
    assert await page.open()
    assert (await page.socket.receive_output(timeout=60))["code"] == 4401


async def test_a_page_of_another_site_is_refused(hub, client_of, member):
    client = await sync_to_async(client_of)(member)
    page = Page(f"sessionid={client.cookies['sessionid'].value}", origin="http://evil.example")
    assert not await page.open()


async def test_nonsense_is_ignored(hub, page_of, member):
    page = await page_of(member)
    for text in ("{", "[]", '{"watch":"run"}', '{"watch":"run","id":"x"}', '{"watch":7,"id":null}', "x" * 100_000):
        await page.socket.send_to(text_data=text)
    assert await page.socket.receive_nothing(timeout=0.3)


async def test_somebody_elses_run_and_conversation_bring_nothing_to_administrators_neither(
    hub, page_of, begin, user, administrator
):
    plan = await begin(hub, "sandbox-slow")
    pages = [await page_of(person) for person in (user, administrator)]
    for page in pages:
        await page.watch("run", plan.run_id)
        await page.watch("conversation", plan.conversation_id, version=0)
    for page in pages:
        assert await page.socket.receive_nothing(timeout=0.6)


async def test_a_run_is_followed_from_its_body_to_its_finished_turn(hub, page_of, begin, member):
    page = await page_of(member)
    plan = await begin(hub)
    await page.watch("run", plan.run_id)
    await page.until(rf'hx-target="#m-{plan.message_id}" hx-swap="outerMorph"')
    first = next(frame for frame in page.frames if str(plan.message_id) in frame)
    assert f'hx-target="#body-{plan.message_id}" hx-swap="innerHTML"' in first
    assert re.sub(r"<hx-partial .*?</hx-partial>", "", page.html, flags=re.S).strip() == ""


async def test_the_beginning_and_the_end_of_an_answer_wait_for_no_pace(hub, page_of, begin, member, monkeypatch):
    monkeypatch.setattr(follow, "PACE", 3600)
    monkeypatch.setattr(follow, "SLOWEST", 3600)
    page = await page_of(member)
    for _ in range(2):
        plan = await begin(hub)
        await page.watch("run", plan.run_id)
        await page.until(f'hx-target="#m-{plan.message_id}" hx-swap="outerMorph".*<table>')


async def test_a_reader_is_told_that_a_busy_upstream_is_waited_for(hub, page_of, begin, member):
    page = await page_of(member)
    plan = await begin(hub, "fault-429")
    await page.watch("run", plan.run_id)
    await page.until("Trying again in 1 s")
    await page.until(rf'hx-target="#m-{plan.message_id}"')
    assert "429" in page.html


async def test_following_again_begins_with_the_whole_body(hub, page_of, begin, member):
    page = await page_of(member)
    plan = await begin(hub, "sandbox-slow")
    body = rf'hx-target="#body-{plan.message_id}" hx-swap="innerHTML"'
    await page.watch("run", plan.run_id)
    await page.until(body)
    await page.watch("run", plan.run_id)
    await page.until(f"{body}.*{body}")
    hub.stop(plan.run_id)
    await page.until(rf"#m-{plan.message_id}")


async def test_a_run_that_ended_before_it_is_followed_is_shown_finished(hub, page_of, begin, member):
    plan = await begin(hub)
    await until_async(Run.objects.filter(id=plan.run_id, status="completed").aexists)
    page = await page_of(member)
    await page.watch("run", plan.run_id)
    await page.until(rf'hx-target="#m-{plan.message_id}" hx-swap="outerMorph"')


async def test_two_pages_see_the_same_end(hub, page_of, begin, member):
    one, two = await page_of(member), await page_of(member)
    plan = await begin(hub)
    for page in (one, two):
        await page.watch("run", plan.run_id)
    end = rf'<hx-partial hx-target="#m-{plan.message_id}" hx-swap="outerMorph">(.*?)</hx-partial>'
    for page in (one, two):
        await page.until(end)
    assert re.search(end, one.html, re.S)[1] == re.search(end, two.html, re.S)[1]


async def test_a_page_that_is_behind_gets_the_thread_and_one_that_is_not_gets_nothing(hub, page_of, begin, member):
    plan = await begin(hub)
    await until_async(Run.objects.filter(id=plan.run_id, status="completed").aexists)
    talk = await Conversation.objects.aget(id=plan.conversation_id)
    page = await page_of(member)
    await page.watch("conversation", talk.id, version=talk.version)
    assert await page.socket.receive_nothing(timeout=0.4)
    await page.watch("conversation", talk.id, version=talk.version - 1)
    await page.until('hx-target="#thread"')


async def test_the_other_page_hears_of_a_new_turn_and_the_one_that_made_it_does_not(hub, page_of, begin, member):
    plan = await begin(hub)
    await until_async(Run.objects.filter(id=plan.run_id, status="completed").aexists)
    talk = await Conversation.objects.select_related("head").aget(id=plan.conversation_id)
    mine, other = await page_of(member), await page_of(member)
    for page, tab in ((mine, "mine"), (other, "other")):
        await page.watch("conversation", talk.id, version=-1, tab=tab)
        await page.until('hx-target="#thread"')
        page.frames.clear()
    await sync_to_async(edit.add_message)(conversation=talk, parent=talk.head, role="user", by="mine")
    await other.until('hx-target="#thread"')
    await sync_to_async(edit.rename)(conversation=talk, title="Another name")
    await mine.until("Another name")
    assert 'hx-target="#thread"' not in mine.html


@pytest.mark.parametrize("change", ["disabled", "signed out", "demoted"])
async def test_who_lost_access_loses_the_socket(hub, page_of, administrator, settings, change):
    settings.SOCKET_CHECK_SECONDS = 0.05
    page = await page_of(administrator)
    if change == "signed out":
        await Session.objects.all().adelete()
    else:
        setattr(administrator, *(("is_active", False) if change == "disabled" else ("is_superuser", False)))
        await administrator.asave()
    closed = await page.socket.receive_output(timeout=60)
    assert closed["type"] == "websocket.close"
    assert closed["code"] == (4403 if change == "demoted" else 4401)


async def test_sound_reaches_the_page_that_asked_as_it_comes_and_no_other(hub, page_of, begin, member):
    asking, other = await page_of(member), await page_of(member)
    plan = await begin(hub, "sandbox-audio", tab="asking")
    await asking.watch("run", plan.run_id, tab="asking")
    await other.watch("run", plan.run_id, tab="other")
    for page in (asking, other):
        await page.until(rf'hx-target="#m-{plan.message_id}" hx-swap="outerMorph"')
    sounds = [json.loads(frame) for frame in asking.frames if frame.startswith("{")]
    assert {sound["sound"] for sound in sounds} == {str(plan.message_id)}
    assert [sound["first"] for sound in sounds] == [
        sum(len(before["pieces"]) for before in sounds[:place]) for place in range(len(sounds))
    ]
    samples = b"".join(base64.b64decode(piece) for sound in sounds for piece in sound["pieces"])
    kept = await sync_to_async(lambda: store.bytes_of(Asset.objects.get()))()
    assert samples and kept.endswith(samples)
    assert not any(frame.startswith("{") for frame in other.frames)


async def test_frames_hold_the_address_of_a_picture_and_not_its_content(hub, page_of, begin, member):
    page = await page_of(member)
    plan = await begin(hub, "sandbox-images")
    await page.watch("run", plan.run_id)
    await page.until(rf'hx-target="#m-{plan.message_id}" hx-swap="outerMorph"')
    assert f"/runs/{plan.run_id}/pictures/1/?version=" in page.html
    assert "base64" not in page.html


async def test_a_job_that_has_changed_is_named_to_its_owners_pages_alone(page_of, user, member):
    mine, other = await page_of(user), await page_of(member)
    first, second = uuid.uuid4(), uuid.uuid4()
    for person, job, more in ((user, first, {}), (member, second, {"gone": True})):
        await sync_to_async(news.tell)(news.user_group(person.pk), about="job", id=str(job), **more)
    await mine.until(str(first))
    await other.until(str(second))
    assert json.loads(mine.html) == {"jobs": [str(first)], "gone": []}
    assert json.loads(other.html) == {"jobs": [], "gone": [str(second)]}
