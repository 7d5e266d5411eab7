"""Backup and restore by their commands, on real servers: what is restored is what was there."""

import json
import threading
import zipfile
from pathlib import Path

import pytest

from tests.databases import postgresql_url
from tests.processes import python

FILL = """
import io
from django.contrib.auth.models import Group
from PIL import Image
from apps.accounts.models import User
from apps.conversations.models import Conversation, Message, Part
from apps.media import store
from apps.upstreams.models import Upstream
person = User.objects.get(pk={person})
person.groups.add(Group.objects.create(name="研究"))
upstream = Upstream(name="House", base_url="https://gateway.example")
upstream.set_key("sk-very-secret")
upstream.save()
talk = Conversation.objects.create(owner=person, title="Kept é 中文", parameters={{"temperature": 0.5}})
message = Message.objects.create(conversation=talk, role="user")
Part.objects.create(message=message, index=0, kind="text", text="find the needle here", data={{"a": [1, None]}})
Conversation.objects.filter(pk=talk.pk).update(head=message)
picture = io.BytesIO()
Image.new("RGB", (40, 30), "red").save(picture, "PNG")
store.keep_upload(owner=person, file=io.BytesIO(picture.getvalue()), size=len(picture.getvalue()), name="red.png")
"""
SESSION = """
from tests.seed import open_session
from apps.accounts.models import User
print(open_session(User.objects.get(pk={})))
"""
WRITE = """
from django.db import transaction
from apps.accounts.models import User
from apps.conversations.models import Conversation, Message
for number in range(300):
    with transaction.atomic():
        talk = Conversation.objects.create(owner_id={person}, title="pair")
        Message.objects.create(conversation=talk, role="user")
"""
HALVES = """
from apps.conversations.models import Conversation
pairs = Conversation.objects.filter(title="pair")
print(pairs.count(), pairs.filter(messages=None).count())
"""


@pytest.fixture
def kept(playground_server):
    """A server where there is something of many kinds."""
    server = playground_server()
    server.shell(FILL.format(person=server.people[1].id))
    return server


@pytest.fixture
def empty(playground_server):
    """A new instance, whose server does not run."""
    server = playground_server(fresh=True)
    server.stop()
    return server


def entries(path: Path) -> dict[str, bytes]:
    """Everything of a backup but the time of its making."""
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(found.pop("manifest.json"))
    return {**found, "tables": manifest["tables"]}


def refused(server, *arguments: str) -> str:
    with pytest.raises(RuntimeError) as raised:
        server.manage(*arguments)
    return str(raised.value)


def test_an_instance_is_restored_whole_into_a_new_one(kept, empty, tmp_path):
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    assert "rows and" in kept.manage("backup", str(one))
    assert one.stat().st_mode & 0o077 == 0
    assert "is whole" in empty.manage("restore", "--check", str(one))
    assert "Restored" in empty.manage("restore", str(one))
    empty.manage("backup", str(two))
    assert entries(two) == entries(one)
    empty.start()
    person = kept.people[1]
    session = empty.shell(SESSION.format(person.id)).strip()
    assert session != person.session
    with empty.http() as client:
        client.cookies.set("sessionid", session)
        assert "Kept é 中文" in client.get("/").text
        assert "Kept é 中文" in client.get("/search/", params={"q": "needle"}).text
        assert "red.png" in client.get("/library/").text
    read = "from apps.upstreams.models import Upstream; print(Upstream.objects.get(name='House').reveal_key())"
    assert empty.shell(read).strip() == "sk-very-secret"
    made = "from apps.accounts.models import User; print(User.objects.create_user('new@example.org').pk)"
    assert int(empty.shell(made)) > max(each.id for each in kept.people)


def test_those_who_write_meanwhile_are_not_disturbed_and_nothing_is_half_there(kept, empty, tmp_path):
    path, failures = tmp_path / "one.zip", []

    def write():
        try:
            kept.shell(WRITE.format(person=kept.people[1].id))
        except RuntimeError as error:
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    kept.manage("backup", str(path))
    writer.join()
    assert not failures
    empty.manage("restore", str(path))
    count, halves = map(int, empty.shell(HALVES).split())
    assert halves == 0
    assert count <= 300
    assert kept.shell(HALVES).split() == ["300", "0"]


def test_a_backup_of_an_older_version_is_brought_up_to_date(kept, empty, tmp_path):
    one, old, two = tmp_path / "one.zip", tmp_path / "old.zip", tmp_path / "two.zip"
    kept.manage("backup", str(one))
    with zipfile.ZipFile(one) as source, zipfile.ZipFile(old, "w") as target:
        manifest = json.loads(source.read("manifest.json"))
        newer = {name for name in manifest["tables"] if name.startswith("transfer.")}
        assert newer
        manifest["migrations"] = [each for each in manifest["migrations"] if each[0] != "transfer"]
        for name in newer:
            del manifest["tables"][name], manifest["files"][f"rows/{name}.jsonl"]
        for name in manifest["files"]:
            target.writestr(name, source.read(name))
        target.writestr("manifest.json", json.dumps(manifest))
    empty.manage("restore", str(old))
    empty.manage("backup", str(two))
    wanted, found = entries(one), entries(two)
    assert found["tables"].keys() == wanted["tables"].keys()
    rows = "rows/conversations.part.jsonl"
    assert found[rows] == wanted[rows] != b""


def test_what_is_there_is_only_replaced_when_asked_for(kept, tmp_path):
    path = tmp_path / "one.zip"
    kept.manage("backup", str(path))
    kept.stop()
    kept.shell("from apps.accounts.models import User; User.objects.create_user('late@example.org')")
    assert "--replace" in refused(kept, "restore", str(path))
    kept.manage("restore", "--replace", str(path))
    late = "from apps.accounts.models import User; print(User.objects.filter(email='late@example.org').count())"
    kept.stop()
    assert kept.shell(late).strip() == "0"
    assert "is there already" in refused(kept, "backup", str(path))


def test_a_damaged_or_foreign_file_changes_nothing(kept, empty, tmp_path):
    path, broken, newer, foreign = (tmp_path / name for name in ("one.zip", "broken.zip", "newer.zip", "foreign.zip"))
    kept.manage("backup", str(path))
    foreign.write_bytes(b"PK something else")
    rewrite(path, broken, rows=lambda content: content.replace(b"needle", b"noodle"))
    rewrite(path, newer, manifest=lambda told: told["migrations"].append(["runs", "9999_tomorrow"]))
    assert "not a backup" in refused(empty, "restore", str(foreign))
    assert "not what was written" in refused(empty, "restore", "--check", str(broken))
    assert "not what was written" in refused(empty, "restore", str(broken))
    assert "newer version" in refused(empty, "restore", str(newer))
    assert "No such file" in refused(empty, "restore", str(tmp_path / "nothing.zip"))
    assert empty.shell("from apps.accounts.models import User; print(User.objects.count())").strip() == "0"


def rewrite(path: Path, target: Path, rows=lambda content: content, manifest=lambda told: None) -> None:
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as changed:
        told = json.loads(source.read("manifest.json"))
        manifest(told)
        for name in told["files"]:
            changed.writestr(name, rows(source.read(name)))
        changed.writestr("manifest.json", json.dumps(told))


@pytest.mark.skipif(not postgresql_url(), reason="needs both databases")
def test_a_backup_moves_an_instance_from_one_database_to_the_other_and_back(kept, empty, tmp_path):
    one, two, three = (tmp_path / f"{name}.zip" for name in ("one", "two", "three"))
    kept.manage("backup", str(one))
    data = tmp_path / "data"
    sqlite = {**kept.environment, "PLAYGROUND_DATA": str(data), "DATABASE_URL": f"sqlite:///{data}/new.sqlite3"}
    python("manage.py", "restore", str(one), environment=sqlite)
    python("manage.py", "backup", str(two), environment=sqlite)
    empty.manage("restore", str(two))
    empty.manage("backup", str(three))
    assert entries(three) == entries(one)
