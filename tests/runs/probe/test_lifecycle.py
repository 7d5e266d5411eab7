"""A probe that is cancelled, dies, meets another one, or finds nobody there."""

import asyncio
import uuid

import pytest
from django.utils import timezone

from apps.runs import reaper
from apps.runs.hub import attached
from apps.runs.models import Probe, ProbeResult, Run
from apps.runs.probe import record, told, work
from apps.runs.refusals import Refused
from apps.upstreams.breaker import FAILURES, breaker
from apps.upstreams.failures import UpstreamError
from apps.upstreams.models import Model, Upstream
from apps.work.leases import STALE_AFTER
from tests.processes import free_port, wait_until

from .conftest import to_its_end

pytestmark = pytest.mark.django_db(transaction=True)


def ended(probe: Probe) -> Probe:
    wait_until(lambda: Probe.objects.exclude(status="running").filter(id=probe.id).exists(), "the probe has ended")
    probe.refresh_from_db()
    return probe


def test_cancel_stops_what_is_being_asked_and_keeps_what_was_found(serving, begun):
    probe = begun("sandbox-slow", formats=("openai_chat",))
    work.start(serving, probe)
    wait_until(lambda: Run.objects.filter(status="running").exists(), "something is being asked")
    record.cancel(probe)
    assert ended(probe).status == "cancelled"
    assert set(Run.objects.values_list("status", flat=True)) == {"stopped"}
    assert list(ProbeResult.objects.values_list("check_name", flat=True)) == ["list"]
    assert told.ending(probe).startswith("Cancelled after 1 of 9.")


def test_it_shows_how_far_it_is_while_it_works(serving, begun):
    probe = begun("sandbox-echo", "sandbox-slow", formats=("openai_chat",), checks=("chat",))
    work.start(serving, probe)
    wait_until(lambda: Probe.objects.get(id=probe.id).done == 1, "half of it is done")
    assert Probe.objects.get(id=probe.id).status == "running"
    record.cancel(probe)
    ended(probe)


def test_a_probe_whose_process_died_is_interrupted_and_its_findings_are_kept(begun, sandbox_upstream):
    probe = begun("sandbox-echo", checks=("list",))
    model = Model.objects.get(name="sandbox-echo")
    ProbeResult.objects.create(model=model, check_name="list", state="ok", probe=probe, taken_at=timezone.now())
    Probe.objects.update(heartbeat_at=timezone.now() - 2 * STALE_AFTER)
    reaper.reap()
    probe.refresh_from_db()
    assert probe.status == "interrupted" and probe.finished_at
    assert ProbeResult.objects.get().state == "ok"


def test_the_end_of_the_process_interrupts_it(begun, sandbox_upstream):
    probe = begun("sandbox-slow", formats=("openai_chat",), checks=("chat",))

    async def leave() -> None:
        async with attached() as hub:
            hub.spawn(work.run(hub, probe))
            while not hub.live_count:
                await asyncio.sleep(0.01)

    asyncio.run(leave())
    probe.refresh_from_db()
    assert probe.status == "interrupted"


def test_an_upstream_is_probed_by_one_at_a_time(begun):
    begun("sandbox-echo")
    with pytest.raises(Refused, match="being probed already"):
        begun("sandbox-tool")
    Probe.objects.update(heartbeat_at=timezone.now() - 2 * STALE_AFTER)
    assert begun("sandbox-tool").status == "running"


def test_an_upstream_that_is_not_there_ends_it_with_a_sentence(probed):
    upstream = Upstream.objects.create(name="Nobody", base_url=f"http://127.0.0.1:{free_port()}")
    for number in range(5):
        upstream.models.create(name=f"model-{number}", capabilities=["chat"])
    probe = probed(upstream=upstream)
    assert probe.status == "failed"
    assert "refused the connection" in probe.error
    assert "refused the connection" in told.ending(probe)
    assert set(ProbeResult.objects.values_list("check_name", flat=True)) == {"list"}
    assert Run.objects.count() <= work.AT_ONCE


def test_what_goes_wrong_on_our_side_ends_it_with_a_sentence(begun):
    probe = begun("sandbox-echo", checks=("chat",))
    Probe.objects.filter(id=probe.id).update(status="completed")
    trial = {"model_id": str(Model.objects.get(name="sandbox-echo").id), "format": "gemini", "checks": ["chat"]}
    broken = Probe.objects.create(
        id=uuid.uuid4(),
        upstream=probe.upstream,
        user=probe.user,
        ceiling=1,
        trials=[{**trial, "question": "no such question"}],
    )
    asyncio.run(to_its_end(broken, 5))
    broken.refresh_from_db()
    assert broken.status == "failed" and "on our side" in broken.error


def test_while_calls_leave_the_upstream_alone_it_waits_and_then_asks_on(serving, begun, finding, sandbox_upstream):
    endpoint = sandbox_upstream.endpoint()
    for _failure in range(FAILURES):
        breaker.failed(endpoint, UpstreamError("out of order", kind="http", status=500, retryable=True))
    probe = begun("sandbox-echo", formats=("openai_chat",), checks=("chat",))
    work.start(serving, probe)
    wait_until(lambda: Probe.objects.get(id=probe.id).heartbeat_at > probe.heartbeat_at, "it shows life")
    assert not Run.objects.exists()
    breaker.forget()
    assert ended(probe).status == "completed"
    assert finding("sandbox-echo", "chat").state == "ok"
