"""Searching by filters, with words and without."""

import datetime
import io

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from apps.conversations import bulk, edit, folders, tags
from apps.conversations.filters import Filters, chips, models_of
from apps.conversations.models import Conversation
from apps.conversations.search import find
from apps.media import store
from apps.runs.models import Comparison
from apps.upstreams.models import Model, Upstream
from apps.wire.messages import Image, Text
from tests.media import files


@pytest.fixture
def model(db):
    upstream = Upstream.objects.create(name="Gateway", base_url="http://127.0.0.1:9")
    return Model.objects.create(upstream=upstream, name="a-model", capabilities=["chat"])


def found(user, address, **more):
    hits = find(user, Filters.read(QueryDict(address)), **more).hits
    return ["".join(text for text, _is_match in hit.title_parts) for hit in hits]


def test_tags_folders_kinds_and_the_archive_narrow_what_is_listed(user, make):
    work = folders.create(owner=user, name="Work")
    inner = folders.create(owner=user, name="Inner", parent=work)
    plain, tagged, filed, deep, away, versus = map(make, ("plain", "tagged", "filed", "deep", "away", "versus"))
    Conversation.objects.filter(pk=versus.pk).update(kind="comparison")
    one, two = (tags.get_or_create(owner=user, name=name) for name in "ab")
    bulk.retag(user=user, ids=[tagged.pk, filed.pk], add=[one])
    bulk.retag(user=user, ids=[filed.pk], add=[two])
    bulk.move(user=user, ids=[filed.pk], folder=work)
    bulk.move(user=user, ids=[deep.pk], folder=inner)
    edit.archive(conversation=away)
    assert found(user, f"tag={one.pk}") == ["filed", "tagged"]
    assert found(user, f"tag={one.pk}&tag={two.pk}") == ["filed"]
    assert found(user, f"folder={work.pk}") == ["deep", "filed"]
    assert found(user, f"folder={inner.pk}") == ["deep"]
    assert found(user, "kind=comparison") == ["versus"]
    assert found(user, "archived=1") == ["away"]
    assert found(user, "archived=0&kind=chat") == ["deep", "filed", "tagged", "plain"]
    assert found(user, f"q=d&tag={one.pk}") == ["filed", "tagged"]
    assert found(user, "") == []
    assert plain.tags.count() == 0


def test_days_are_those_of_the_last_message_and_both_ends_count(user, make):
    for title, day in (("early", 1), ("middle", 10), ("late", 20)):
        moment = timezone.make_aware(datetime.datetime(2026, 3, day, 23, 59))
        Conversation.objects.filter(pk=make(title).pk).update(updated_at=moment)
    assert found(user, "since=2026-03-10") == ["late", "middle"]
    assert found(user, "until=2026-03-10") == ["middle", "early"]
    assert found(user, "since=2026-03-10&until=2026-03-10") == ["middle"]


def test_words_and_filters_together_look_into_titles_and_texts(user, make, say):
    tag = tags.get_or_create(owner=user, name="t")
    titled, told, other = make("needle"), make("told"), make("other")
    for talk in (told, other):
        say(talk, "a needle in hay")
    bulk.retag(user=user, ids=[titled.pk, told.pk], add=[tag])
    assert found(user, f"q=needle&tag={tag.pk}") == ["needle", "told"]
    assert found(user, "q=needle") == ["needle", "other", "told"]


def test_a_file_in_a_message_is_found_by_its_kind_also_in_a_column(user, make, say):
    picture = store.keep_upload(owner=user, file=io.BytesIO(files.picture()), size=99, name="a.png")
    text = store.keep_upload(owner=user, file=io.BytesIO(b"words"), size=5, name="a.txt")
    cover = make("versus", kind="comparison")
    column = make("", kind="column", column_of=cover)
    image = Image(media_type="image/png", asset=str(picture.pk))
    edit.store_parts(message=say(make("shown")), parts=[Text("see"), image])
    edit.store_parts(message=say(column), parts=[image])
    edit.store_parts(message=say(make("told")), parts=[Text(f"[a](/assets/{text.pk}/a.txt)")])
    make("bare")
    assert sorted(found(user, "has=image")) == ["shown", "versus"]
    assert found(user, "has=file") == ["told"]
    assert found(user, "has=file&has=image") == []


def test_a_model_is_found_in_columns_but_not_while_their_names_are_hidden(user, make, model):
    make("asked", model=model)
    cover = make("versus", kind="comparison")
    make("", kind="column", column_of=cover, model=model)
    comparison = Comparison.objects.create(conversation=cover, blind=True)
    assert found(user, f"by={model.pk}") == ["asked"]
    Comparison.objects.filter(pk=comparison.pk).update(revealed_at=timezone.now())
    assert found(user, f"by={model.pk}") == ["versus", "asked"]


def test_the_models_on_offer_are_those_of_ones_own_conversations(user, member, make, model):
    make("theirs", owner=member, model=model)
    assert list(models_of(user)) == [] and list(models_of(member)) == [model]
    (chip,) = chips(user, Filters(by=model.pk))
    assert "a-model" not in chip.label


def test_pages_of_what_is_found_follow_each_other_from_titles_to_texts(user, make, say):
    for number in range(7):
        make(f"needle {number}")
        say(make(f"told {number}"), "a needle")
    seen, after = [], ""
    while True:
        page = find(user, Filters(q="needle"), after=after, limit=3)
        seen += ["".join(text for text, _is_match in hit.title_parts) for hit in page.hits]
        after = page.next
        if not after:
            break
    newest_first = range(6, -1, -1)
    assert seen == [f"needle {n}" for n in newest_first] + [f"told {n}" for n in newest_first]


@pytest.mark.parametrize(
    "address",
    ["by=x&tag=\0&folder=1&has=cat&kind=column&archived=9&since=soon&until=9999-12-31", "since=0001-01-01", "tag=,"],
)
def test_an_address_that_says_nothing_known_looks_for_nothing(address):
    assert Filters.read(QueryDict(address)) == Filters()


def test_an_address_is_read_as_it_was_written(user, model):
    address = f"q=a+b&by={model.pk}&has=image&has=file&kind=chat&archived=0&since=2026-01-02&until=2026-02-03"
    filters = Filters.read(QueryDict(address))
    assert filters.address == address
    assert len(chips(user, filters)) == 7
    for chip in chips(user, filters):
        assert len(chips(user, Filters.read(QueryDict(chip.without)))) == 6


def test_the_page_s_own_address_tells_what_is_looked_for(client_of, user, make):
    tag = tags.get_or_create(owner=user, name="<i>t</i>")
    talk = make("tagged")
    bulk.retag(user=user, ids=[talk.pk], add=[tag])
    client = client_of(user)
    at = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/compare/?format=x&q=old&tag={talk.pk}"}
    response = client.get(reverse("search"), {"tag": tag.pk}, headers=at)
    assert response["HX-Replace-Url"] == f"/compare/?format=x&tag={tag.pk}"
    page = client.get(reverse("conversation", args=[talk.pk]), {"tag": tag.pk}).content.decode()
    assert "1 result" in page and "&lt;i&gt;t&lt;/i&gt;" in page and "<i>t" not in page
    assert client.get(reverse("search"), {"tag": tag.pk, "after": "made up"}).status_code == 422


def test_another_s_tag_or_folder_finds_nothing_of_theirs_nor_its_name(client_of, user, member, make):
    secret = tags.get_or_create(owner=member, name="secret-tag")
    shelf = folders.create(owner=member, name="secret-shelf")
    html = client_of(user).get(reverse("search"), {"tag": secret.pk, "folder": shelf.pk}).content.decode()
    assert "secret-" not in html and "0 results" in html


def test_a_page_of_what_is_found_costs_the_same_however_much_it_is(user, make, say, django_assert_max_num_queries):
    tag = tags.get_or_create(owner=user, name="t")
    for number in range(40):
        talk = make(f"talk {number}")
        say(talk, "needle")
        tags.put(tag=tag, ids=[talk.pk])
    with django_assert_max_num_queries(6):
        assert len(find(user, Filters(q="needle", tag=(tag.pk,))).hits) == 30
