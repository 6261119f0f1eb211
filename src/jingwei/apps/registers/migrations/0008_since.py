from django.db import migrations, models


class Migration(migrations.Migration):
    """What was done to a register since some time: for a map of that time."""

    dependencies = [("registers", "0007_rows_of_others_found")]

    operations = [
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["register", "at"], name="change_since"),
        ),
    ]
