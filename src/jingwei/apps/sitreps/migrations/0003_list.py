from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of clocks, and the counts of its tabs, from one index alone."""

    dependencies = [("sitreps", "0002_public_discarding")]

    operations = [
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(
                fields=["state", "from_place", "due_at", "trigger_at", "id"], name="obligation_list"
            ),
        ),
    ]
