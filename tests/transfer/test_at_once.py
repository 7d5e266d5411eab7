"""The same file imported in two tabs at once: as if one import had come after the other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from django.db import connections

from apps.conversations.models import Conversation, Folder, Tag
from apps.media.models import Asset, Job
from apps.transfer import begin, work
from apps.transfer.models import Line, Transfer
from apps.transfer.work import worker_name

from . import samples
from .conftest import upload

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*things):
    """Does them in threads of their own, which begin together; gives what they give."""
    together = Barrier(len(things))

    def do(thing):
        try:
            together.wait()
            return thing()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(things)) as threads:
        return list(threads.map(do, things))


def taken_up(owner, data: bytes) -> Transfer:
    """As two processes have it that came at the same moment."""
    transfer = begin.bring(owner=owner, file=upload(data, "same.json"))
    Transfer.objects.filter(pk=transfer.pk).update(status=Transfer.Status.RUNNING, worker=worker_name())
    transfer.refresh_from_db()
    return transfer


def test_two_imports_of_one_file_double_nothing_and_neither_fails(everything, member, exported):
    data = exported(everything, "json")
    transfers = [taken_up(member, data) for _number in range(2)]
    at_once(*(lambda each=each: work.carry_out(each) for each in transfers))
    assert set(Transfer.objects.values_list("status", flat=True)) == {"done"}
    for number in range(1, 7):
        outcomes = Line.objects.filter(number=number).values_list("outcome", flat=True)
        assert sorted(outcomes) == ["imported", "skipped"]
    assert Conversation.objects.for_user(member).filter(column_of=None).count() == 2
    assert Job.objects.for_user(member).count() == 3
    assert Folder.objects.for_user(member).count() == Tag.objects.for_user(member).count() == 3
    whole = [asset for asset in Asset.objects.for_user(member) if default_storage.size(asset.path) == asset.size]
    assert len(whole) == 6


def test_two_people_import_the_same_file_at_once_and_each_has_all_of_it(everything, member, administrator, exported):
    data = exported(everything, "json")
    for asset in Asset.objects.for_user(everything):
        asset.delete()
    Conversation.objects.all().delete()
    Job.objects.all().delete()
    transfers = [taken_up(person, data) for person in (member, administrator)]
    at_once(*(lambda each=each: work.carry_out(each) for each in transfers))
    assert set(Line.objects.values_list("outcome", "why")) == {("imported", "")}
    assert Line.objects.count() == 12
    assert all(default_storage.size(asset.path) == asset.size for asset in Asset.objects.all())
    assert Asset.objects.count() == 12


def test_of_two_imports_of_one_person_one_is_taken_up_and_the_other_after_it(user):
    data = samples.encoded([samples.chatgpt()])
    both = [begin.bring(owner=user, file=upload(data, name)) for name in ("a.json", "b.json")]
    assert sorted(at_once(work.claim, work.claim), key=bool)[0] is None
    work.carry_out(Transfer.objects.get(status="running"))
    work.carry_out(work.claim())
    assert set(Transfer.objects.values_list("status", flat=True)) == {"done"}
    assert Line.objects.filter(transfer__in=both).count() == 2
    assert Conversation.objects.for_user(user).count() == 1
