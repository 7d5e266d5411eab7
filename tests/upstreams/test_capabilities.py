"""What a model's name and endpoint types say that it can do."""

import pytest

from apps.upstreams.capabilities import guess


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("dall-e-3", "images"),
        ("gpt-image-1", "images"),
        ("black-forest-labs/flux-1.1-pro", "images"),
        ("whisper-1", "transcription"),
        ("gpt-4o-transcribe", "transcription"),
        ("tts-1-hd", "speech"),
        ("gpt-4o-mini-tts", "speech"),
        ("text-embedding-3-large", "embeddings"),
        ("BAAI/bge-m3", "embeddings"),
        ("bge-reranker-v2-m3", "rerank"),
        ("sora-2", "video"),
        ("veo-3.1-fast", "video"),
        ("kling-v2", "video"),
        ("suno_music", "music"),
        ("gpt-4o-realtime-preview", "realtime"),
        ("omni-moderation-latest", "moderation"),
    ],
)
def test_a_model_that_does_not_chat_is_known_by_its_name(name, purpose):
    assert guess(name) == [purpose]


@pytest.mark.parametrize(
    ("name", "traits"),
    [
        ("gpt-4o", {"vision", "tools", "schema"}),
        ("o3-pro", {"vision", "tools", "reasoning", "schema"}),
        ("gpt-3.5-turbo", {"tools"}),
        ("claude-sonnet-4-5-20250929", {"vision", "tools", "reasoning", "schema", "prefill"}),
        ("gemini-2.5-flash", {"vision", "audio", "tools", "reasoning", "schema"}),
        ("deepseek-r1", {"tools", "reasoning"}),
        ("qwen3-vl-plus", {"vision", "tools", "reasoning"}),
        ("glm-4.5v", {"vision", "tools", "reasoning"}),
        ("llama-3.1-8b-instruct", {"tools"}),
        ("gemini-2.5-flash-image", {"images", "vision", "audio", "tools", "reasoning", "schema"}),
        ("something-nobody-knows", set()),
        ("sandbox-images", set()),
        ("sandbox-attachments", {"vision", "audio"}),
        ("fault-429", set()),
    ],
)
def test_a_chat_model_has_the_traits_of_its_family(name, traits):
    assert guess(name)[0] == "chat"
    assert set(guess(name)) == {"chat", *traits}


def test_endpoint_types_say_what_a_name_does_not():
    assert guess("house-blend", ["openai", "image-generation"]) == ["images"]
    assert guess("house-blend", ["embeddings"]) == ["embeddings"]
    assert guess("house-blend", ["openai-video"]) == ["video"]


def test_the_type_openai_says_nothing_since_gateways_add_it_to_everything():
    assert guess("tts-1", ["openai"]) == ["speech"]
    assert guess("house-blend", ["openai", "anthropic"]) == ["chat"]


def test_a_chat_model_that_also_draws_still_chats():
    assert "chat" in guess("gemini-2.5-flash-image", ["gemini", "openai", "image-generation"])
