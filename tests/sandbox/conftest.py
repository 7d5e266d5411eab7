import sys
from types import SimpleNamespace

import httpx
import openai
import pytest
from anthropic import Anthropic, DefaultHttpxClient
from google import genai
from google.genai import types

from tests.processes import Process, answers, free_port


@pytest.fixture(scope="session")
def daphne_sandbox(tmp_path_factory):
    """The sandbox under daphne, with the attributes of the `sandbox` fixture."""
    port, key = free_port(), "daphne-key"
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", port, "tests.sandbox.on_daphne:application"]
    process = Process(command, tmp_path_factory.mktemp("daphne") / "log", {"SANDBOX_KEY": key})
    process.start(lambda: answers(f"{url}/_stats"))
    yield SimpleNamespace(
        url=url, key=key, stats=lambda: httpx.get(f"{url}/_stats", trust_env=False, verify=False).json()
    )
    process.end()


@pytest.fixture(params=["uvicorn", "daphne"])
def served(request):
    """The sandbox under each server."""
    return request.getfixturevalue("sandbox" if request.param == "uvicorn" else "daphne_sandbox")


@pytest.fixture
def official(sandbox):
    """The official SDK, which refuses replies that are not as the format says."""
    with openai.OpenAI(
        base_url=f"{sandbox.url}/v1",
        api_key=sandbox.key,
        max_retries=0,
        _strict_response_validation=True,
        http_client=openai.DefaultHttpxClient(trust_env=False),
    ) as client:
        yield client


@pytest.fixture
def anthropic(sandbox):
    """Anthropic's SDK, as strict."""
    with Anthropic(
        base_url=sandbox.url,
        api_key=sandbox.key,
        max_retries=0,
        _strict_response_validation=True,
        http_client=DefaultHttpxClient(trust_env=False),
    ) as client:
        yield client


@pytest.fixture
def google(sandbox):
    """Google's SDK, whose types know no other fields than those of the format."""
    options = types.HttpOptions(base_url=sandbox.url, client_args={"trust_env": False})
    with genai.Client(api_key=sandbox.key, vertexai=False, http_options=options) as client:
        yield client


@pytest.fixture
def http():
    with httpx.Client(trust_env=False, timeout=30, verify=False) as client:
        yield client
