from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    """The clocks that end soonest, without putting all of them in order."""

    dependencies = [("sitreps", "0003_list")]

    operations = [
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index("state", Coalesce("due_at", "trigger_at"), "id", name="obligation_soonest"),
        ),
    ]
