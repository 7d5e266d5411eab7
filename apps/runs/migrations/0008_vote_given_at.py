from django.db import migrations, models
from django.db.models import F


def as_far_as_is_known(apps, schema_editor):
    apps.get_model("runs", "Vote").objects.update(given_at=F("changed_at"))


class Migration(migrations.Migration):
    dependencies = [("runs", "0007_tool_strict")]

    operations = [
        migrations.AddField("vote", "given_at", models.DateTimeField(null=True)),
        migrations.RunPython(as_far_as_is_known, migrations.RunPython.noop),
        migrations.AlterField("vote", "given_at", models.DateTimeField(auto_now_add=True)),
    ]
