"""Whether the model that answered is the one that was asked for."""

import pytest

from apps.runs.identity import same_model


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("gpt-4o", "gpt-4o"),
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("openai/gpt-4o", "gpt-4o-2024-08-06"),
        ("claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
        ("claude-3-5-haiku-latest", "claude-3-5-haiku-20241022"),
        ("gemini-2.0-flash", "models/gemini-2.0-flash-001"),
        ("gpt-4", "gpt-4-0613"),
        ("GPT-4o", "gpt-4o"),
        ("vertex/claude-opus-4", "claude-opus-4@20250514"),
        ("deepseek/deepseek-chat:free", "deepseek/deepseek-chat"),
        ("anything", ""),
    ],
)
def test_a_dated_name_is_the_same_model(asked, answered):
    assert same_model(asked, answered)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("gpt-4o", "gpt-4o-mini"),
        ("gpt-4o", "gpt-4"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06"),
        ("claude-opus-4", "claude-sonnet-4"),
        ("gemini-2.5-pro", "gemini-2.5-flash"),
        ("qwen3-32b", "qwen3-8b"),
        ("o3", "o3-pro"),
    ],
)
def test_another_name_is_another_model(asked, answered):
    assert not same_model(asked, answered)
