"""Somebody who has talked, with a picture, and an administrator who may want to read it."""

import io

import pytest

from apps.conversations import edit
from apps.media import hold, store
from apps.upstreams.models import Model, Upstream
from apps.wire.messages import Image, Text
from tests.media import files


@pytest.fixture
def model(db):
    upstream = Upstream.objects.create(name="Gateway", base_url="http://127.0.0.1:9")
    return Model.objects.create(upstream=upstream, name="a-model", capabilities=["chat"])


@pytest.fixture
def talk_of(model):
    """`talk_of(person, "text")`: a conversation of theirs with a prompt, an answer and a picture."""

    def make(owner, text: str):
        settings = {"model": model, "format": "openai_chat", "system_prompt": f"{text} system", "parameters": {}}
        talk = edit.create(owner=owner, first_text=text, **settings)
        picture = store.keep_upload(owner=owner, file=io.BytesIO(files.picture()), size=99, name="a.png")
        image = Image(media_type="image/png", asset=str(picture.pk))
        prompt = edit.add_message(conversation=talk, parent=None, role="user", parts=[Text(text=text), image])
        edit.add_message(conversation=talk, parent=prompt, role="assistant", parts=[Text(text=f"{text} answered")])
        hold.use(owner_id=owner.pk, asset_ids=[str(picture.pk)], message_id=prompt.pk)
        talk.refresh_from_db()
        return talk, picture

    return make


@pytest.fixture
def browser(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def password() -> str:
    """What every person of the fixtures signs in with."""
    return "correct-horse-battery-staple"
