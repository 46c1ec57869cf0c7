from django.db import migrations


class Migration(migrations.Migration):
    """In a transaction of its own: PostgreSQL changes no table whose rows the same transaction has rewritten."""

    dependencies = [("trust", "0007_several_beats")]

    operations = [migrations.RemoveField(model_name="subscription", name="beat")]
