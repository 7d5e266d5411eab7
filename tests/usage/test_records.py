"""The wire of a call: sealed, kept, read again, dropped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.upstreams.models import Model, Upstream
from apps.usage import meter, records
from apps.usage.models import Call, CallRecord
from apps.wire.messages import GenerationRequest, Usage
from apps.work.ids import new_id

pytestmark = pytest.mark.django_db

SECRET = "sk-0123456789abcdef"


def take(*chunks: bytes, status: int = 200) -> records.Take:
    """A call that was answered with these chunks."""
    taken = records.Take()
    tape = taken.begin(SECRET, GenerationRequest(model="m"))
    tape.send("POST", "https://example.org/v1", {"Authorization": f"Bearer {SECRET}"}, b'{"a":1}')
    tape.answer(status, {"Content-Type": "text/event-stream", "x-echo": SECRET})
    for chunk in chunks:
        tape.hear(chunk)
    tape.end()
    return taken


@pytest.fixture
def call(user) -> Call:
    model = Model.objects.create(upstream=Upstream.objects.create(name="U", base_url="http://127.0.0.1:9"), name="m")
    return meter.open_call(user=user, model=model, format="openai_chat", run_id=new_id())


def settle(call: Call, taken: records.Take) -> None:
    measured = meter.Measured(take=taken, answered_model="m-2", fingerprint="fp")
    meter.settle(call, outcome="completed", measured=measured, usage=Usage(), estimated=False)


def test_a_settled_call_keeps_what_went_over_the_wire(call):
    settle(call, take(b"data: 1\n\n", b"data: 2\n\n"))
    (kept,) = records.of(call.id).exchanges
    assert (kept.method, kept.url, kept.body) == ("POST", "https://example.org/v1", b'{"a":1}')
    assert kept.reply == b"data: 1\n\ndata: 2\n\n" and kept.sizes == (9, 9)
    assert [end for end, _at in kept.arrivals] == [9, 18]
    assert kept.answered is not None and kept.ended >= kept.arrivals[-1][1] >= kept.arrivals[0][1]
    call.refresh_from_db()
    assert (call.answered_model, call.fingerprint) == ("m-2", "fp")


def test_a_key_that_is_cut_over_two_chunks_is_masked_and_the_chunks_keep_their_places(call):
    whole = f'data: {{"key": "{SECRET}"}}\n\n'.encode()
    settle(call, take(whole[:20], whole[20:]))
    packed = bytes(CallRecord.objects.get().packed)
    record = records.of(call.id)
    assert SECRET not in repr(record) and SECRET.encode() not in packed
    assert record.exchanges[0].sizes == (20, len(whole) - 20)


def test_settling_twice_keeps_the_first_record(call):
    settle(call, take(b"first"))
    settle(call, take(b"second"))
    assert records.of(call.id).exchanges[0].reply == b"first"


def test_what_was_too_much_is_counted(call, settings):
    settings.WIRE_RECORD_MAX_BYTES = 5
    settle(call, take(b"12345", b"678"))
    record = records.of(call.id)
    assert (record.exchanges[0].reply, record.missed_bytes, record.missed_chunks) == (b"12345", 3, 1)


def test_nothing_is_kept_where_the_retention_is_none(call, settings):
    settings.WIRE_RECORD_DAYS = 0
    settle(call, take(b"data"))
    assert records.of(call.id) is None and Call.objects.get().outcome == "completed"


def test_old_records_are_swept_and_their_calls_stay(call, settings):
    settle(call, take(b"data"))
    settings.WIRE_RECORD_DAYS = 7
    CallRecord.objects.update(kept_at=timezone.now() - timedelta(days=6))
    assert records.sweep() == 0
    CallRecord.objects.update(kept_at=timezone.now() - timedelta(days=8))
    assert records.sweep() == 1
    assert records.of(call.id) is None and Call.objects.filter(id=call.id).exists()


def test_what_was_kept_before_is_swept_when_nothing_is_to_be_kept_any_more(call, settings):
    settle(call, take(b"data"))
    settings.WIRE_RECORD_DAYS = 0
    assert records.sweep() == 1


def test_a_call_without_a_run_leaves_no_record(call):
    call.run_id = None
    settle(call, take(b"data"))
    assert not CallRecord.objects.exists()


def test_a_sealed_take_lets_go_of_the_key():
    taken = take(b"data")
    taken.seal()
    assert SECRET not in repr([getattr(taken, name) for name in vars(taken)])
    assert not taken.tape.exchanges
