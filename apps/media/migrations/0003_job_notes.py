from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media", "0002_jobs")]

    operations = [
        migrations.AddField(model_name="job", name="notes", field=models.JSONField(default=dict)),
    ]
