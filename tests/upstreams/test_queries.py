"""Which models a person is offered, in which order."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group

from apps.upstreams import queries
from apps.upstreams.models import Model, ModelChoice, Upstream
from apps.upstreams.wording import meta, short_count

pytestmark = pytest.mark.django_db


def make(name: str, kind: str = "gateway", **models) -> Upstream:
    upstream = Upstream.objects.create(name=name, kind=kind, base_url="http://gw.example")
    for model, fields in models.items():
        Model.objects.create(upstream=upstream, name=model, **{"capabilities": ["chat"], **fields})
    return upstream


def offered(user) -> list[str]:
    return [model.name for group in queries.picker(user) for model in group.models]


def test_gateways_come_before_the_local_model_and_that_before_the_sandbox(user):
    make("A sandbox", "sandbox", s={})
    make("B local", "local", m={})
    make("Z gateway", b={}, a={"position": 1}, c={"capabilities": ["images"]})
    assert [group.label for group in queries.picker(user)] == ["Z gateway", "B local", "A sandbox"]
    assert offered(user) == ["b", "a", "m", "s"]
    assert queries.default_model(user).name == "b"


def test_what_is_off_unlisted_or_for_others_is_not_offered(user):
    make("Off", x={}).models.update(enabled=False)
    make("Gone", y={}).models.update(listed=False)
    Upstream.objects.filter(id=make("Closed", z={}).id).update(enabled=False)
    group = Group.objects.create(name="Designers")
    make("Ours", w={}).models.get().groups.add(group)
    assert offered(user) == []
    assert queries.default_model(user) is None
    user.groups.add(group)
    assert offered(user) == ["w"]


def test_administrators_may_use_what_is_for_groups(administrator):
    make("Ours", w={}).models.get().groups.add(Group.objects.create(name="Designers"))
    assert offered(administrator) == ["w"]


def test_the_model_used_last_is_the_default_as_long_as_it_may_be_used(user):
    upstream = make("G", a={}, b={})
    queries.remember(user, upstream.models.get(name="b"))
    assert queries.default_model(user).name == "b"
    queries.remember(user, upstream.models.get(name="a"))
    assert queries.default_model(user).name == "a"
    upstream.models.filter(name="a").update(enabled=False)
    assert queries.default_model(user).name == "b"


def test_a_model_of_the_sandbox_that_fails_on_purpose_is_the_default_only_once_it_was_used(user):
    sandbox = make("Sandbox", "sandbox", **{"fault-400": {}, "sandbox-echo": {}})
    assert offered(user) == ["fault-400", "sandbox-echo"]
    assert queries.default_model(user).name == "sandbox-echo"
    queries.remember(user, sandbox.models.get(name="fault-400"))
    assert queries.default_model(user).name == "fault-400"
    sandbox.models.filter(name="sandbox-echo").delete()
    ModelChoice.objects.all().delete()
    assert queries.default_model(user) is None
    make("Gateway", **{"fault-tolerant": {}})
    assert queries.default_model(user).name == "fault-tolerant"


def test_a_model_is_found_by_name_label_id_beginning_or_part(user):
    upstream = make("G", **{"gpt-4o": {}, "gpt-4o-mini": {"label": "Small one"}})
    small = upstream.models.get(name="gpt-4o-mini")
    assert queries.find(user, "GPT-4o").name == "gpt-4o"
    for text in ("gpt-4o-mini", "small one", "small", "mini", str(small.id)):
        assert queries.find(user, text) == small


def test_a_model_can_be_looked_for_at_one_upstream(user):
    make("One", m={})
    second = make("Two", m={})
    assert queries.find(user, "m", upstream="two").upstream == second


def test_a_model_that_is_not_there_names_some_that_are(user):
    with pytest.raises(queries.NoSuchModel, match="Connect a gateway"):
        queries.find(user, "x")
    make("G", a={}, b={})
    with pytest.raises(queries.NoSuchModel, match="a, b"):
        queries.find(user, "x")


@pytest.mark.parametrize(("tokens", "text"), [(512, "512"), (128000, "128k"), (1048576, "1M"), (1500000, "1.5M")])
def test_windows_are_short(tokens, text):
    assert short_count(tokens) == text


def test_the_second_line_of_the_picker_has_window_and_prices():
    model = Model(
        upstream=Upstream(), context_window=200000, input_price=Decimal("3.000000"), output_price=Decimal("0.075")
    )
    assert meta(model) == "200k · $3.00 in, $0.075 out"


def test_the_local_model_is_marked_as_a_toy(user):
    make("Local", "local", m={"context_window": 8192})
    (group,) = queries.picker(user)
    assert group.models[0].is_toy
    assert "toy" in group.models[0].meta
