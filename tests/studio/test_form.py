"""The form of a studio: kept as it is typed, shown for what was chosen, checked before anything is paid for."""

import io
import re
import uuid

import pytest

from apps.media import store
from apps.media.jobs.models import Job
from apps.studio import draft as drafts
from tests.media import files


@pytest.fixture
def client(client_of, user):
    return client_of(user)


def test_what_was_entered_stays_when_another_model_is_chosen_and_when_the_first_comes_back(client, offered, form):
    gpt, dalle = offered("gpt-image-1"), offered("dall-e-3")
    typed = {"p.size": "1024x1024", "p.background": "opaque", "prompt": "<b>A fox</b>"}
    other = client.post("/studio/images/form/", form(dalle, **typed)).content.decode()
    assert "&lt;b&gt;A fox&lt;/b&gt;" in other
    assert re.search(r'type="hidden" name="p.background" value="opaque"', other)
    back = client.post("/studio/images/form/", form(gpt, **typed)).content.decode()
    assert re.search(r'name="p.background" value="opaque" checked|<option selected>opaque', back)
    page = client.get("/studio/images/").content.decode()
    assert "&lt;b&gt;A fox&lt;/b&gt;" in page
    assert f'value="{gpt.pk}" selected' in page


def test_another_model_begins_with_its_own_route_and_a_route_that_was_chosen_stays(client, offered, form):
    banana, gpt = offered("gemini-2.5-flash-image", dialect="gemini_images"), offered("gpt-image-1")
    told = form(gpt, was=str(banana.pk), dialect="gemini_images")
    assert 'value="openai_images" selected' in client.post("/studio/images/form/", told).content.decode()
    told = form(gpt, was=str(gpt.pk), dialect="gemini_images")
    assert 'value="gemini_images" selected' in client.post("/studio/images/form/", told).content.decode()


def test_each_person_and_each_family_has_a_form_of_its_own(client, client_of, member, offered, form):
    image, video = offered("gpt-image-1"), offered("sora-2", "video")
    client.post("/studio/images/keep/", form(image, prompt="Mine"))
    client.post("/studio/video/keep/", form(video, prompt="A film"))
    assert "Mine" in client.get("/studio/images/").content.decode()
    assert "A film" not in client.get("/studio/images/").content.decode()
    assert "Mine" not in client_of(member).get("/studio/images/").content.decode()


def test_what_is_wrong_is_named_at_its_field_and_nothing_is_made(client, user, member, offered, form, picture_of):
    model = offered("gpt-image-1")
    theirs, mine = picture_of(member), picture_of(user)
    wrong = {
        "prompt": {"prompt": "  "},
        "p.n": {"p.n": "many"},
        "p.extra": {"p.extra": "[]"},
        "model": {"model": str(uuid.uuid4())},
        "input.image": {"task": "edit"},
        "input.mask": {
            "task": "edit",
            "input.image": str(mine.pk),
            "input.mask": [str(mine.pk), str(picture_of(user).pk)],
        },
    }
    for field, told in wrong.items():
        reply = client.post("/studio/images/make/", {**form(model), **told})
        text = reply.content.decode()
        assert reply.status_code == 422, field
        assert f'id="error-{field}"' in text, (field, text)
    stolen = client.post("/studio/images/make/", form(model, task="edit", **{"input.image": str(theirs.pk)}))
    assert stolen.status_code == 422
    assert not Job.objects.exists()


def test_a_form_that_is_sent_twice_is_one_job(client, offered, form):
    told = form(offered("gpt-image-1"))
    first, second = (client.post("/studio/images/make/", told).content.decode() for _ in range(2))
    (job,) = Job.objects.all()
    assert f'id="job-{job.pk}"' in first
    assert f'id="job-{job.pk}"' in second
    client.post("/studio/images/make/", form(job.model))
    assert Job.objects.count() == 2


def test_a_refused_form_may_be_mended_and_sent_with_the_same_token(client, offered, form):
    told = form(offered("gpt-image-1"), **{"p.n": "0"})
    assert client.post("/studio/images/make/", told).status_code == 422
    assert client.post("/studio/images/make/", {**told, "p.n": "1"}).status_code == 200
    assert Job.objects.get().values["parameters"] == {"n": 1}


def test_a_model_that_is_switched_off_meanwhile_is_not_replaced_by_another_in_silence(client, offered, form):
    offered("dall-e-3")
    gone = offered("gpt-image-1", enabled=False)
    reply = client.post("/studio/images/make/", form(gone))
    assert reply.status_code == 422
    assert "cannot be used" in reply.content.decode()


def test_a_job_comes_back_into_the_form_as_it_was_asked(client, user, offered, form, picture_of):
    model, picture = offered("gpt-image-1"), picture_of(user)
    told = form(model, task="edit", **{"p.n": "2", "input.image": str(picture.pk), "p.extra": '{"a": 1}'})
    client.post("/studio/images/make/", told)
    drafts.keep(user, "images", drafts.Draft())
    reply = client.post(f"/jobs/{Job.objects.get().pk}/again/", {"studio": "images"}).content.decode()
    assert re.search(r'name="p.n" value="2"', reply)
    assert re.search(rf'name="input.image" value="{picture.pk}"', reply)
    assert "&quot;a&quot;: 1" in reply
    assert re.search(r'value="edit"[^>]*checked', reply)
    elsewhere = client.post(f"/jobs/{Job.objects.get().pk}/again/")
    assert elsewhere["HX-Redirect"] == "/studio/images/"


def test_a_picture_goes_into_the_form_where_the_model_takes_one_and_is_held_there(client, user, offered, picture_of):
    offered("gpt-image-1")
    picture = picture_of(user)
    reply = client.post("/studio/images/use/", {"asset": str(picture.pk), "task": "edit", "role": "image"})
    assert f'name="input.image" value="{picture.pk}"' in reply.content.decode()
    assert picture.laid.get().place == "studio-images"
    client.post("/studio/images/keep/", {"prompt": "No picture"})
    assert not picture.laid.exists()


def test_a_first_picture_of_another_size_than_sora_is_asked_for_is_told_at_the_picture(client, user, offered, form):
    data = files.picture(size=(64, 48))
    picture = store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name="a.png")
    sora = offered("sora-2", "video", "openai_videos")
    told = form(sora, **{"p.size": "1280x720", "input.first_frame": str(picture.pk)})
    reply = client.post("/studio/video/make/", told)
    assert reply.status_code == 422
    assert "This picture is 64x48; for this size it must be 1280x720." in reply.content.decode()
    assert 'id="error-input.first_frame"' in reply.content.decode()
    assert not Job.objects.exists()
    assert client.post("/studio/video/make/", {**told, "p.size": ""}).status_code == 200


def test_a_model_without_files_says_so(client, user, offered, picture_of):
    offered("dall-e-3", dialect="openai_images")
    reply = client.post("/studio/images/use/", {"asset": str(picture_of(user).pk), "role": "last_frame"})
    assert reply.status_code == 422
    assert "takes no file like this" in reply.content.decode()


def test_the_estimate_follows_the_form(client, offered, form):
    model = offered("gpt-image-1", unit="image", unit_price="0.04")
    assert "$0.12" in client.post("/studio/images/keep/", form(model, **{"p.n": "3"})).content.decode()
    assert "once the form is filled in" in client.post("/studio/images/keep/", form(model, prompt="")).content.decode()


def test_a_form_of_somebody_who_may_use_no_model_says_what_to_do(client):
    assert "No model here makes this" in client.get("/studio/images/").content.decode()
