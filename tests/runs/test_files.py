"""Files that go along with a prompt, and those that an answer brings: by HTTP, to the upstream and back."""

import base64
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.conversations.models import Conversation, Message, Part
from apps.media import hold, queries, store
from apps.media.models import Asset, Use
from apps.runs import brought
from apps.runs.models import Run, RunEvent
from apps.upstreams.models import Model
from apps.wire.messages import Audio, File, Image, Text
from tests.media import files
from tests.processes import wait_until as until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def model(sandbox_upstream):
    """`model(name, *abilities)`: a model of the sandbox that can do that."""

    def find(name="sandbox-attachments", *abilities):
        found = Model.objects.get(upstream=sandbox_upstream, name=name)
        found.capabilities = ["chat", *abilities]
        found.save()
        return found

    return find


@pytest.fixture
def client(client_of, member):
    return client_of(member)


@pytest.fixture
def attach(client):
    """Sends a file up to the new chat, or to a conversation; gives its Asset."""

    def send(data=None, name="a.png", conversation=""):
        sent = SimpleUploadedFile(name, data or files.picture())
        response = client.post("/assets/", {"file": sent, "conversation": conversation})
        assert response.status_code == 200, response.content
        return Asset.objects.order_by("seen_at").last()

    return send


@pytest.fixture
def say(serving, client, model):
    """Sends a prompt with files and gives the response."""

    def send(text="What is this?", assets=(), by=None, **more):
        by = by or model("sandbox-attachments", "vision", "audio")
        ids = [str(getattr(asset, "id", asset)) for asset in assets]
        return client.post(
            "/send/", {"text": text, "turn": str(uuid.uuid4()), "model": str(by.id), "asset": ids, **more}
        )

    return send


def ended(count=1):
    """The newest run, once that many have ended."""
    done = Run.objects.exclude(status=Run.Status.RUNNING).order_by("-id")
    return until(lambda: done.count() == count and done.first())


def said(run):
    return "".join(part.text for part in run.message.parts.all())


SENDABLE = [entry for entry in files.TAKEN if entry[0] in {"a.png", "a.jpg", "a.pdf", "a.wav", "a.mp4", "a.txt"}]


@pytest.mark.parametrize(("name", "data", "kind", "media_type"), SENDABLE, ids=[name for name, *_ in SENDABLE])
def test_a_file_reaches_the_model_as_it_was_kept(say, attach, name, data, kind, media_type):
    asset = attach(data, name)
    assert say(assets=[asset]).status_code == 200
    run = ended()
    assert run.status == "completed", run.error
    assert media_type in said(run) and str(asset.size) in said(run), said(run)


def test_parts_at_rest_hold_the_asset_and_no_content(say, attach):
    picture, document = attach(), attach(files.pdf(), "a.pdf")
    say(assets=[picture, document])
    ended()
    parts = Part.objects.filter(message__role="user")
    assert [part.kind for part in parts] == ["image", "file", "text"]
    assert [part.data.get("asset") for part in parts[:2]] == [str(picture.id), str(document.id)]
    assert not any(part.data.get("data") for part in parts)


def test_files_alone_are_a_prompt_and_name_the_conversation(say, attach):
    say("", [attach(files.pdf(), "Invoice May.pdf")])
    assert "application/pdf" in said(ended())
    assert Conversation.objects.get().title
    assert Part.objects.filter(message__role="user").count() == 1


def test_sending_puts_the_draft_away_and_keeps_the_file(say, attach, member):
    asset = attach()
    say(assets=[asset])
    ended()
    assert queries.laid_for(member, "") == []
    Asset.objects.update(seen_at=timezone.now() - timedelta(days=3))
    assert hold.sweep() == 0 and default_storage.exists(asset.path)


def test_files_of_earlier_prompts_are_sent_again(say, attach, sandbox):
    asset = attach()
    say(assets=[asset])
    talk = ended().conversation
    say("and now?", conversation=str(talk.id))
    ended(2)
    assert store.data_of(asset) in str(sandbox.stats()["last_request"])


@pytest.mark.parametrize(
    ("abilities", "data", "name"),
    [(("audio",), None, "a.png"), (("vision",), files.wav(), "a.wav"), ((), files.pdf(), "a.pdf")],
)
def test_what_the_model_cannot_take_is_refused_with_a_sentence_and_stays(
    say, attach, model, member, abilities, data, name
):
    asset = attach(data, name)
    response = say(assets=[asset], by=model("sandbox-echo", *abilities))
    assert response.status_code == 422
    assert name in response.content.decode() and "sandbox-echo" in response.content.decode()
    assert not Message.objects.exists() and queries.laid_for(member, "") == [asset]


def test_a_model_of_which_a_probe_proved_that_it_reads_no_pdf_is_sent_none(say, attach, model):
    proved = model("sandbox-attachments", "vision")
    say("This one", [attach(files.pdf(), "a.pdf")], by=proved)
    talk = ended().conversation
    proved.accepted = {"pdf": False}
    proved.save()
    refused = say(assets=[attach(files.pdf("other"), "b.pdf")], by=proved)
    assert refused.status_code == 422 and "sandbox-attachments cannot read PDF" in refused.content.decode()
    say("And now?", by=proved, conversation=str(talk.id))
    assert ["model_pdf", "a.pdf"] in ended(2).left_out


def test_text_goes_to_every_model(say, attach, model):
    assert say(assets=[attach(b"words", "a.txt")], by=model("sandbox-echo")).status_code == 200
    ended()


def test_somebody_elses_file_cannot_be_sent(say, member, user):
    other = store.keep_upload(owner=user, file=SimpleUploadedFile("a.png", files.picture()), size=99, name="a.png")
    for asset in (other, uuid.uuid4(), "nonsense"):
        assert say(assets=[asset]).status_code == 422
    assert not Message.objects.exists() and not Use.objects.exists()


def test_a_message_carries_only_so_many_files(say, attach, settings):
    assets = [attach(f"text {number}".encode(), f"{number}.txt") for number in range(3)]
    settings.ATTACHMENTS_MAX = 2
    assert say(assets=assets).status_code == 422


def test_an_edited_prompt_has_the_files_that_its_form_has(say, attach, client):
    first, second = attach(), attach(files.picture(colour="blue"), "b.png")
    say(assets=[first])
    ended()
    prompt = Message.objects.get(role="user")
    form = {"text": "again", "turn": str(uuid.uuid4()), "asset": [str(first.id), str(second.id)]}
    assert client.post(f"/m/{prompt.id}/edit/", form).status_code == 200
    run = ended(2)
    assert said(run).count("image/png") == 2
    without = {"text": "without", "turn": str(uuid.uuid4())}
    client.post(f"/m/{prompt.id}/edit/", without)
    assert "Nothing came along" in said(ended(3))


def test_the_turn_shows_its_files_at_once_and_later(say, attach, client):
    asset = attach(name="sunset.png")
    now = say(assets=[asset]).content.decode()
    later = client.get(f"/c/{ended().conversation_id}/").content.decode()
    for html in (now, later):
        assert asset.thumbnail_url in html and asset.url in html


def test_a_file_that_is_gone_is_said_to_be_gone_and_the_talk_goes_on(say, attach, client):
    say(assets=[attach(files.pdf(), "lost.pdf")])
    talk = ended().conversation
    Asset.objects.all().delete()
    html = client.get(f"/c/{talk.id}/").content.decode()
    assert "lost.pdf" in html and "no longer there" in html
    say("and now?", conversation=str(talk.id))
    assert ended(2).status == "completed"


def test_a_deleted_conversation_lets_its_files_go(say, attach, client):
    asset = attach()
    say(assets=[asset])
    run = ended()
    client.post(f"/c/{run.conversation_id}/delete/")
    assert Use.objects.exists() and client.get(asset.url).status_code == 404
    client.post(f"/history/deleted/{run.conversation_id}/erase/")
    assert not Use.objects.exists()
    Asset.objects.update(seen_at=timezone.now() - timedelta(days=3))
    assert hold.sweep() == 1 and not default_storage.exists(asset.path)


def test_a_draft_of_files_is_there_after_a_reload(attach, client):
    asset = attach()
    assert f'value="{asset.id}"' in client.get("/").content.decode()


def test_an_image_of_an_answer_becomes_a_file_of_its_owner(say, model, member, client):
    say("paint", by=model("sandbox-images"))
    run = ended()
    part = run.message.parts.get(kind="image")
    asset = queries.load_for(member, part.data["asset"])
    assert not part.data.get("data") and asset.kind == "image" and asset.has_thumbnail
    assert (asset.origin, asset.run_id, asset.message_id) == ("run", run.id, run.message_id)
    html = client.get(f"/c/{run.conversation_id}/").content.decode()
    assert f'src="{asset.url}"' in html and "data:image" not in html
    assert f"/assets/{asset.id}/attach/" in html


def test_an_image_is_laid_ready_to_be_edited_and_goes_into_the_next_prompt(say, model, member, client):
    say("paint", by=model("sandbox-images"))
    run = ended()
    asset = Asset.objects.get(origin="run")
    place = {"conversation": str(run.conversation_id)}
    assert f'value="{asset.id}"' in client.post(f"/assets/{asset.id}/attach/", place).content.decode()
    assert "value=" not in client.post(f"/assets/{asset.id}/attach/", place).content.decode()
    assert queries.laid_for(member, place["conversation"]) == [asset]
    say("make it night", [asset], **place)
    assert "image/png" in said(ended(2))


def test_images_of_answers_are_not_sent_again_by_themselves(say, model, sandbox):
    say("paint", by=model("sandbox-images"))
    talk = ended().conversation
    say("thanks", by=model("sandbox-echo"), conversation=str(talk.id))
    ended(2)
    assert "iVBOR" not in str(sandbox.stats()["last_request"])


def test_sound_of_an_answer_is_kept_with_its_transcript(say, model, client):
    say("sing", by=model("sandbox-audio"))
    run = ended()
    part = run.message.parts.get(kind="audio")
    asset = Asset.objects.get(origin="run")
    assert part.text == "This is how an A sounds." and part.data["asset"] == str(asset.id)
    assert (asset.kind, asset.media_type) == ("audio", "audio/wav") and asset.seconds
    html = client.get(f"/c/{run.conversation_id}/").content.decode()
    assert "<audio controls" in html and asset.url in html and part.text in html


def test_no_quota_refuses_what_was_paid_for(say, model, settings):
    settings.UPLOAD_QUOTA_MB = 1
    settings.UPLOAD_MB = dict.fromkeys(settings.UPLOAD_MB, 0)
    say("paint", by=model("sandbox-images"))
    ended()
    assert Asset.objects.get().origin == "run"


def kept(member, *parts):
    return brought.kept(list(parts), user_id=member.pk, run_id=uuid.uuid4(), message_id=uuid.uuid4())


def test_a_picture_within_markdown_becomes_a_file_and_the_rest_of_the_text_stays(member):
    uri = f"data:image/png;base64,{base64.b64encode(files.picture()).decode()}"
    other = f"`{uri}` ![x](data:image/png;base64,AAAA)"
    text = f'Look: ![a cat]({uri}) and ![again]( <{uri}> "t") and ![r][r]\n\n[r]: {uri}\n\n{other}'
    (part,) = kept(member, Text(text))
    asset = Asset.objects.get()
    assert part.text == text.replace(f"({uri})", f"({asset.url})").replace(f"<{uri}>", f"<{asset.url}>").replace(
        f"[r]: {uri}", f"[r]: {asset.url}"
    )


def test_a_file_that_cannot_be_stored_stays_in_its_part_and_the_others_are_kept(member, settings):
    folder = settings.DATA_DIR / "no-folder"
    folder.write_text("a file stands where the folder would be")
    settings.MEDIA_ROOT = folder
    picture = Image("image/png", base64.b64encode(files.picture(colour="green")).decode())
    assert kept(member, picture, Text("words")) == [picture, Text("words")]
    folder.unlink()


def test_bare_samples_become_a_sound_that_plays(member):
    samples = base64.b64encode(bytes(48_000)).decode()
    first, second = kept(member, Audio("audio/pcm;rate=24000", samples, "x"), Audio("audio/L16;rate=16000", samples))
    lengths = {str(asset.id): asset.seconds for asset in Asset.objects.all()}
    assert lengths[first.asset] == 1 and lengths[second.asset] == 1.5 and first.transcript == "x"


def test_what_is_no_picture_is_kept_as_a_mere_file_and_shown_by_nobody(member, client):
    (part,) = kept(member, Image("image/svg+xml", base64.b64encode(files.SVG).decode()))
    asset = Asset.objects.get()
    assert (asset.kind, asset.media_type) == ("file", "application/octet-stream")
    response = client.get(asset.url)
    assert response["Content-Disposition"].startswith("attachment") and asset.name.endswith(".bin")
    assert part.data == "" and part.asset == str(asset.id)


def test_what_is_no_base64_costs_only_itself(member):
    image, text, file = kept(member, Image("image/png", "%%%"), Text("x"), File("a.txt", "text/plain", "aGk="))
    assert (image.data, image.asset) == ("", "") and text == Text("x")
    assert store.bytes_of(queries.load_for(member, file.asset)) == b"hi"


def test_the_same_image_from_two_answers_is_kept_once_and_held_by_both(say, model):
    for _time in range(2):
        say("paint", by=model("sandbox-images"))
    ended(2)
    assert Asset.objects.count() == 1 and Use.objects.count() == 2


def test_a_picture_on_its_way_is_seen_and_not_kept(say, model, client, user, client_of):
    slow = model("sandbox-images")
    Model.objects.filter(pk=slow.pk).update(name="sandbox-images@3")
    say("paint", by=slow)
    run = Run.objects.get()
    assert until(lambda: _picture(client, run))["Content-Type"] == "image/png"
    assert client_of(user).get(f"/runs/{run.id}/pictures/1/").status_code == 404
    shown = f'src="/runs/{run.id}/pictures/1/'
    assert until(lambda: shown in client.get(f"/c/{run.conversation_id}/").content.decode())
    ended()
    assert not RunEvent.objects.exists()
    index = run.message.parts.get(kind="image").index
    assert client.get(f"/runs/{run.id}/pictures/{index}/").status_code == 302
    assert client.get(f"/runs/{run.id}/pictures/99/").status_code == 404
    assert client_of(user).get(f"/runs/{run.id}/pictures/{index}/").status_code == 404


def _picture(client, run):
    response = client.get(f"/runs/{run.id}/pictures/1/")
    return response if response.status_code == 200 else None
