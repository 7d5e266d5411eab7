from django.db import migrations, models
from django.db.models.deletion import SET_NULL


def count_anew(apps, schema_editor):
    """What is counted has no times: the roll-up counts all of the ledger again, a few calls at a time."""
    apps.get_model("usage", "UsageDay").objects.all().delete()
    apps.get_model("usage", "Call").objects.filter(rolled=True).update(rolled=False)


class Migration(migrations.Migration):

    dependencies = [
        ("upstreams", "0008_names"),
        ("usage", "0007_names"),
    ]

    operations = [
        migrations.AlterField(
            model_name="call",
            name="upstream",
            field=models.ForeignKey(
                null=True,
                on_delete=SET_NULL,
                related_name="calls",
                to="upstreams.upstream",
                verbose_name="upstream",
            ),
        ),
        migrations.AddField(
            model_name="usageday",
            name="firsts",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="usageday",
            name="speeds",
            field=models.TextField(default=""),
        ),
        migrations.AddIndex(
            model_name="usageday",
            index=models.Index(condition=models.Q(("outcome", "failed")), fields=["day"], name="usage_day_failed"),
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop, elidable=True),
    ]
