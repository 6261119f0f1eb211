from django.db import migrations, models

FLAGS = ("place_missing", "place_unknown", "kind_missing", "key_reused", "rumor")


class Migration(migrations.Migration):
    """The few reports that carry a flag which is counted: listed and counted without the others."""

    dependencies = [("reports", "0003_list")]

    operations = [
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                fields=["-received_at", "-id", "place", "flags"],
                condition=models.Q(*((("flags__icontains", f'"{flag}"')) for flag in FLAGS), _connector="OR"),
                name="report_flagged",
            ),
        ),
    ]
