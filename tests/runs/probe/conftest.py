"""Probes of the sandbox, run to their end."""

import asyncio
from decimal import Decimal

import pytest

from apps.runs.hub import attached
from apps.runs.models import Probe, ProbeResult
from apps.runs.probe import record, work
from apps.runs.probe.cost import estimated
from apps.runs.probe.scope import Scope, chosen, trials


@pytest.fixture
def begun(administrator, sandbox_upstream):
    """`begun(*names, formats=(), checks=(), ceiling=None)`: a probe that has been written and waits for a worker."""

    def make(*names, formats=(), checks=(), ceiling=None, upstream=sandbox_upstream) -> Probe:
        scope = Scope(models=chosen(upstream, names), formats=formats, checks=checks)
        found = trials(scope)
        estimate = estimated(found, {model.id: model for model in scope.models})
        limit = None if ceiling is None else Decimal(ceiling)
        return record.create(upstream=upstream, user=administrator, found=found, estimate=estimate, ceiling=limit)

    return make


@pytest.fixture
def probed(begun):
    """The same to its end; gives the probe as it was written last."""

    def run(*names, seconds=work.SECONDS, **options) -> Probe:
        probe = begun(*names, **options)
        asyncio.run(to_its_end(probe, seconds))
        probe.refresh_from_db()
        return probe

    return run


async def to_its_end(probe: Probe, seconds: float) -> None:
    async with attached() as hub:
        await work.Prober(hub, probe, seconds).run()


@pytest.fixture
def finding(sandbox_upstream):
    """`finding(name, check, format)`: what is known, or None."""

    def find(name: str, check: str, format: str = "openai_chat") -> ProbeResult | None:
        known = ProbeResult.objects.filter(model__name=name, check_name=check, format=format)
        return known.select_related("run__conversation").first()

    return find
