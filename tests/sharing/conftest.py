"""A conversation with a secret in every place that is not shared, and links to it."""

import io
import uuid

import pytest
from django.core.cache import cache

from apps.conversations import edit as conversations
from apps.media import store
from apps.runs.models import Run
from apps.sharing import edit
from apps.sharing.edit import Readers
from apps.sharing.freeze import Choice
from apps.sharing.models import ShareLink
from apps.upstreams.models import Model, Upstream
from apps.wire.messages import Citation, File, Image, Reasoning, Text, ToolCall, ToolResult
from tests.media import files

ANYONE, MEMBERS, NAMED = ShareLink.Audience.values


class Talk:
    """Two turns of the person, the second one in two versions, with `canary` words around what is shared."""

    def __init__(self, owner):
        upstream = Upstream.objects.create(name="canary-upstream", base_url="http://127.0.0.1:9/canary-address")
        self.owner = owner
        self.model = Model.objects.create(upstream=upstream, name="a-model", capabilities=["chat"])
        self.conversation = conversations.create(
            owner=owner,
            model=self.model,
            system_prompt="canary-system",
            parameters={"stop": "canary-parameter"},
            first_text="Why do retries hurt?",
        )
        self.attached = store.keep_upload(
            owner=owner, file=io.BytesIO(b"canary-attached " * 9), size=144, name="canary-file.txt"
        )
        along = File(name="canary-file.txt", media_type="text/plain", asset=str(self.attached.pk))
        self.made = store.keep_made(
            owner=owner, data=files.picture(), name="made.png", run_id=uuid.uuid4(), message_id=uuid.uuid4()
        )
        self.prompt = self._add(None, "user", along, Text("Why do retries hurt?"))
        self.first = self._answer(
            self.prompt,
            Reasoning("They multiply.", opaque={"signature": "canary-signature"}, seconds=5.8),
            ToolCall(id="canary-call", name="query_metrics", arguments='{"service": "edge"}'),
            ToolResult(call_id="canary-call", content='{"max": 0.31}', name="query_metrics", seconds=0.3),
            Text("They **multiply** load: $p^n$.\n\n```python\nprint(1)\n```"),
            Citation("https://sre.example/failures", "Cascading failures", start=0, end=4, quote="canary-quote"),
            Image(media_type="image/png", asset=str(self.made.pk)),
        )
        self.other_prompt = self._add(self.first, "user", Text("canary-other-prompt"))
        self.other = self._answer(self.other_prompt, Text("canary-other-answer"))
        self.second_prompt = self._add(self.first, "user", Text("Say it in short."))
        self.answer = self._answer(self.second_prompt, Text("Retries are traffic."))

    def _add(self, parent, role, *parts):
        return conversations.add_message(conversation=self.conversation, parent=parent, role=role, parts=parts)

    def _answer(self, parent, *parts):
        message = self._add(parent, "assistant", *parts)
        Run.objects.create(
            user=self.owner,
            conversation=self.conversation,
            message=message,
            turn_id=uuid.uuid4(),
            model=self.model,
            model_name="a-model",
            upstream_name="canary-upstream",
            format="openai_chat",
            status=Run.Status.COMPLETED,
            system_prompt="canary-system",
            parameters={"stop": "canary-parameter"},
            answer_id="canary-answer-id",
        )
        return message

    def say(self, *said):
        """One more prompt, with an answer of these texts or parts, which is given."""
        parts = [Text(part) if isinstance(part, str) else part for part in said]
        return self._answer(self._add(self.answer, "user", Text("And?")), *parts)

    def fail(self):
        """One more answer, of an upstream that was not there."""
        message = self.say("Half of")
        told = {"title": "canary-upstream: 127.0.0.1:9 refused the connection.", "upstream_says": "canary-words"}
        Run.objects.filter(message=message).update(status=Run.Status.FAILED, error=told)
        return message

    def share(self, message=None, audience=ANYONE, **chosen) -> ShareLink:
        readers = {name: chosen.pop(name) for name in ("users", "groups", "password", "days") if name in chosen}
        choice = Choice(**{"title": "Retry budgets", **chosen})
        draft = edit.draft(message=message or self.answer, choice=choice, readers=Readers(audience, **readers))
        edit.keep(revision=draft, keys=())
        return edit.publish(revision=draft)


@pytest.fixture(autouse=True)
def afresh(settings, tmp_path):
    """Files of the test's own, and nobody has guessed a password yet."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def talk(user) -> Talk:
    return Talk(user)
