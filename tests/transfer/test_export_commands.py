"""`manage.py export` and `manage.py import`: the same files as on the page."""

import io
import zipfile

import pytest
from django.core.management import CommandError, call_command

from apps.conversations.models import Conversation
from apps.transfer.models import Transfer

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_history_goes_from_one_person_to_another_by_the_command_line(rich, member, exported, tmp_path):
    path = tmp_path / "all.zip"
    assert "2 conversations" in said("export", "--user", rich.email, "--out", str(path))
    assert path.read_bytes() == exported(rich, "zip")
    assert said("import", "--user", member.email, str(path)) == "Playground: 2 imported, 0 skipped, 0 failed.\n"
    assert Conversation.objects.filter(owner=member, column_of=None).count() == 2
    assert said("import", "--user", member.email, str(path)) == "Playground: 0 imported, 2 skipped, 0 failed.\n"


def test_one_conversation_is_a_plain_file_and_several_to_read_are_an_archive(rich, tmp_path):
    talk, path = Conversation.objects.get(title="A talk"), tmp_path / "talk"
    said("export", "--user", rich.email, "--format", "md", "--id", str(talk.pk), "--out", str(path))
    assert path.read_text().startswith("# A talk\n")
    said("export", "--user", rich.email, "--format", "md", "--out", str(path))
    assert len([name for name in zipfile.ZipFile(path).namelist() if "/" not in name]) == 3


def test_what_cannot_be_done_is_said_in_a_sentence(user, tmp_path):
    broken = tmp_path / "a.json"
    broken.write_text("{}")
    wrong = [
        ("export", "--user", "nobody@example.org", "--out", str(tmp_path / "x")),
        ("export", "--user", user.email, "--out", str(tmp_path)),
        ("export", "--user", user.email, "--id", "x", "--out", str(tmp_path / "x")),
        ("import", "--user", user.email, str(broken)),
        ("import", "--user", user.email, str(tmp_path / "none.json")),
    ]
    for arguments in wrong:
        with pytest.raises(CommandError, match=r"[.\]']$|No such file"):
            said(*arguments)
    assert not Transfer.objects.exclude(status="failed").exists()
