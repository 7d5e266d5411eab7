from django.db import migrations, models


def keep_what_was_stated(apps, schema_editor):
    """What was never corrected is the catalogue's own word; of the others it comes with the next reading."""
    Model = apps.get_model("upstreams", "Model")
    for model in Model.objects.filter(accepted={}).only("capabilities").iterator():
        Model.objects.filter(pk=model.pk).update(stated_capabilities=model.capabilities)


class Migration(migrations.Migration):
    dependencies = [("upstreams", "0004_accepted")]

    operations = [
        migrations.AddField(
            model_name="model",
            name="stated_capabilities",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(keep_what_was_stated, migrations.RunPython.noop),
    ]
