"""The library: found by kind, origin and words, in few queries; used again, and deleted with what used it told."""

import io
import uuid
from array import array

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.conversations import edit
from apps.media import hold, store
from apps.media.jobs.models import Job, JobInput, JobOutput
from apps.media.models import Asset, Laid
from apps.runs.models import Run
from apps.wire.messages import Text
from tests.media import files


@pytest.fixture
def client(client_of, user):
    return client_of(user)


@pytest.fixture
def talk(user, upstream, offered):
    """A chat in which a model drew a picture: (conversation, picture)."""
    model = offered("painter", "chat")
    talk = edit.create(
        owner=user, model=model, format="openai_chat", system_prompt="", parameters={}, first_text="A heron"
    )
    prompt = edit.add_message(conversation=talk, parent=None, role="user", parts=[Text("A heron at dawn")])
    run_id, data = uuid.uuid4(), files.picture(colour="blue")
    answer = edit.add_message(conversation=talk, parent=prompt, role="assistant")
    made = store.keep_made(owner=user, data=data, name="drawn.png", run_id=run_id, message_id=answer.pk)
    answer.parts.create(index=0, kind="image", data={"asset": str(made.pk), "media_type": "image/png"})
    hold.use(owner_id=user.pk, asset_ids=[str(made.pk)], message_id=answer.pk)
    about = {"turn_id": uuid.uuid4(), "model_name": "painter-1", "upstream_name": "Gateway", "format": "openai_chat"}
    Run.objects.create(
        id=run_id, conversation=talk, message=answer, user=user, model=model, status=Run.Status.COMPLETED, **about
    )
    return talk, made


@pytest.fixture
def drawn(user, offered, job_of):
    """A picture that a job made: (job, picture)."""
    job = job_of(user, offered("gpt-image-1"), prompt="A green bottle")
    data = files.picture(colour="green")
    about = {"kind": "image", "name": "bottle", "job_id": job.pk}
    made = store.keep_result(owner=user, file=io.BytesIO(data), size=len(data), **about)
    JobOutput.objects.create(job=job, position=0, asset=made)
    return job, made


@pytest.fixture
def note(user):
    data = b"<b>remember</b>"
    return store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name="note.txt")


def names(client, **query) -> set[str]:
    shown = client.get("/library/", query).content.decode()
    return {name for name in ("drawn.png", "bottle.png", "note.txt") if f">{name}</a>" in shown}


def test_files_are_found_by_kind_by_origin_and_by_the_words_of_their_names_and_prompts(client, talk, drawn, note):
    everything = {"drawn.png", "bottle.png", "note.txt"}
    assert names(client) == everything
    assert names(client, kind="text") == {"note.txt"}
    assert names(client, origin="made") == {"drawn.png", "bottle.png"}
    assert names(client, origin="uploaded") == {"note.txt"}
    assert names(client, q="HERON") == {"drawn.png"}
    assert names(client, q="green bottle") == {"bottle.png"}
    assert names(client, q="note") == {"note.txt"}
    assert names(client, q="green", kind="text") == set()
    assert names(client, kind="nonsense", origin="nonsense") == everything


def test_a_file_tells_where_it_came_from_and_what_uses_it(client, talk, drawn, note):
    conversation, picture = talk
    from_chat = client.get(f"/library/{picture.pk}/").content.decode()
    assert "A heron at dawn" in from_chat
    assert "painter-1" in from_chat
    assert f'href="/c/{conversation.pk}/"' in from_chat
    job, made = drawn
    from_job = client.get(f"/library/{made.pk}/").content.decode()
    assert "gpt-image-1" in from_job
    assert f'href="/jobs/{job.pk}/"' in from_job
    text = client.get(f"/library/{note.pk}/").content.decode()
    assert "&lt;b&gt;remember&lt;/b&gt;" in text
    assert "Nothing uses it." in text


def test_a_thousand_files_cost_as_few_queries_as_a_page_of_them(client, user, drawn, django_assert_max_num_queries):
    job = drawn[0]
    about = {"owner": user, "kind": "image", "media_type": "image/png", "size": 1, "origin": "job", "job_id": job.pk}
    Asset.objects.bulk_create(Asset(name=f"{number}.png", sha256=f"{number:064}", **about) for number in range(1000))
    with django_assert_max_num_queries(7):
        first = client.get("/library/").content.decode()
    assert first.count('<li class="card') == 48
    assert "1001 files" in first.replace(",", "")
    last = Asset.objects.order_by("-pk")[47]
    assert f"before={last.pk}" in first
    more = client.get(f"/library/?before={last.pk}", headers={"HX-Request": "true"}).content.decode()
    assert ">951.png</a>" in more
    assert ">952.png</a>" not in more
    assert "<html" not in more


def test_a_file_of_another_person_is_nowhere(client_of, member, talk, drawn, note):
    theirs = client_of(member)
    assert names(theirs) == set()
    for path in ("", "chat/", "delete/"):
        ask = theirs.post if path else theirs.get
        assert ask(f"/library/{note.pk}/{path}").status_code == 404
    assert Asset.objects.count() == 3


def test_a_file_lies_ready_in_a_new_chat(client, user, note):
    reply = client.post(f"/library/{note.pk}/chat/", headers={"HX-Request": "true"})
    assert reply.headers["HX-Redirect"] == "/"
    assert Laid.objects.get().place == ""
    assert client.post(f"/library/{note.pk}/chat/").headers["Location"] == "/"


def test_deleting_leaves_a_word_wherever_the_file_was_used(client, talk, drawn, note):
    (conversation, picture), (job, made) = talk, drawn
    assert "which will show that the file is gone" in client.get(f"/library/{picture.pk}/").content.decode()
    for asset in (picture, made, note):
        assert client.post(f"/library/{asset.pk}/delete/", headers={"HX-Request": "true"}).status_code == 204
    assert not Asset.objects.exists()
    assert "is no longer there" in client.get(f"/c/{conversation.pk}/").content.decode()
    card = client.get(f"/jobs/{job.pk}/card/").content.decode()
    assert "The file was deleted." in card
    assert "Fetch again" not in card


def test_a_file_that_an_open_job_still_needs_is_not_deleted(client, user, offered, job_of, note):
    job = job_of(user, offered("gpt-image-1"), status=Job.Status.QUEUED, due_at=timezone.now())
    JobInput.objects.create(job=job, asset=note, role="image")
    refused = client.post(f"/library/{note.pk}/delete/", headers={"HX-Request": "true"})
    assert refused.status_code == 409
    assert "is not done yet" in refused.content.decode()
    assert Asset.objects.exists()


def test_vectors_of_a_file_begin_readably_and_lead_to_all_of_them(client, user, offered, job_of):
    job = job_of(user, offered("embed-1", "embeddings"), family="embeddings", status="succeeded")
    job.values, job.result = {"texts": ["<b>cat</b>", "dog"]}, {"lengths": [[2, 9]]}
    job.save()
    numbers = array("f", [0.25, -0.5, *[0.0] * 7, 0.75, *[0.0] * 8])
    asset = store.keep_packed(owner=user, data=numbers.tobytes(), name="vectors-2x9.f32", job_id=job.pk)
    JobOutput.objects.create(job=job, position=0, asset=asset)
    page = client.get(f"/library/{asset.pk}/").content.decode()
    for shown in (
        "1 &lt;b&gt;cat&lt;/b&gt;",
        "2 dog",
        "0.2500",
        "-0.5000",
        "0.7500",
        "2 vectors",
        "This is the beginning",
    ):
        assert shown in page
    for kind in ("csv", "json"):
        assert f"/jobs/{job.pk}/vectors/{kind}/" in page
    default_storage.delete(asset.path)
    assert "There is no preview" in client.get(f"/library/{asset.pk}/").content.decode()


def test_a_text_whose_content_the_storage_has_lost_is_still_shown(client, note):
    from django.core.files.storage import default_storage

    default_storage.delete(note.path)
    assert client.get(f"/library/{note.pk}/").status_code == 200
