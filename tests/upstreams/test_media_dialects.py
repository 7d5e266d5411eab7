"""In which dialect a model is asked for media."""

from decimal import Decimal

import pytest

from apps.upstreams import media_dialects
from apps.upstreams.capabilities import guess
from apps.upstreams.media_dialects import dialects_of_types
from apps.upstreams.models import Model, Upstream

BY_NAME = {
    "dall-e-3": "openai_images",
    "gpt-image-1": "openai_images",
    "gemini-2.5-flash-image": "gemini_images",
    "nano-banana": "gemini_images",
    "sora-2": "openai_videos",
    "veo3.1-fast": "video_v2",
    "kling-v1": "video_generations",
    "tts-1": "openai_speech",
    "whisper-1": "openai_transcription",
    "suno_music": "suno",
    "text-embedding-3-small": "openai_embeddings",
    "gemini-embedding-001": "gemini_embeddings",
    "jina-reranker-v2-base": "jina_rerank",
    "rerank-v3.5": "cohere_rerank",
}


def model(name: str, types=(), url="https://gateway.example", **fields) -> Model:
    stated = dialects_of_types(types)
    upstream = Upstream(name="Gateway", base_url=url)
    return Model(upstream=upstream, name=name, capabilities=guess(name, types), stated_dialects=stated, **fields)


@pytest.mark.parametrize(("name", "dialect"), BY_NAME.items())
def test_a_name_says_how_it_is_likely_to_be_asked(name, dialect):
    assert media_dialects.dialects_of(model(name))[0] == dialect


def test_the_administrator_s_word_comes_before_the_catalogue_s_and_that_before_the_name():
    assert media_dialects.dialects_of(model("sora-2", ["video"]))[0] == "video_generations"
    assert media_dialects.dialects_of(model("sora-2", ["video_create", "openai"]))[0] == "video_create"
    chosen = model("sora-2", ["video"], own_dialect="video_v2")
    assert media_dialects.dialects_of(chosen)[0] == media_dialects.default(chosen, "video") == "video_v2"
    assert set(media_dialects.dialects_of(chosen)) == {
        "video_v2",
        "video_create",
        "video_generations",
        "openai_videos",
    }


def test_a_model_that_only_chats_makes_nothing_until_an_administrator_says_how():
    assert media_dialects.dialects_of(model("gpt-4o")) == media_dialects.families_of(model("gpt-4o")) == []
    assert media_dialects.families_of(model("gpt-4o", own_dialect="chat_images")) == ["images"]
    assert media_dialects.dialects_of(model("gpt-4o", own_dialect="chat_images"), "video") == []


def test_google_s_own_api_is_asked_natively():
    google = "https://generativelanguage.googleapis.com"
    assert media_dialects.default(model("text-embedding-005", url=google), "embeddings") == "gemini_embeddings"


@pytest.mark.django_db
def test_an_administrator_chooses_the_way_and_the_price_of_a_unit(client_of, administrator):
    upstream = Upstream.objects.create(name="Gateway", base_url="https://gateway.example")
    film = Model.objects.create(upstream=upstream, name="sora-2", capabilities=["video"])
    page = client_of(administrator)
    kept = {"position": 1, "enabled": "on", "own_dialect": "video_create", "unit_price": "0.1", "unit": "second"}
    assert page.post(f"/settings/models/{film.pk}/", kept).status_code == 302
    film.refresh_from_db()
    assert (film.own_dialect, film.unit_price, film.unit) == ("video_create", Decimal("0.1"), "second")
    assert page.post(f"/settings/models/{film.pk}/", kept | {"own_dialect": "smoke"}).status_code == 400
