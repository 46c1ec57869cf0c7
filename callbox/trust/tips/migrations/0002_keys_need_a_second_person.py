from django.db import migrations, models
from django.db.models import F


def those_in_use_stay_in_use(apps, schema_editor):
    """Keys added before two people were asked for: nobody allowed them, and tips are sealed to them today."""
    apps.get_model("tips", "Key").objects.using(schema_editor.connection.alias).update(allowed=F("added"))


class Migration(migrations.Migration):
    dependencies = [("tips", "0001_initial")]

    operations = [
        migrations.AddField(model_name="key", name="allowed", field=models.DateField(null=True)),
        migrations.AddField(model_name="key", name="allowed_by_id", field=models.BigIntegerField(null=True)),
        migrations.RunPython(those_in_use_stay_in_use, migrations.RunPython.noop),
    ]
