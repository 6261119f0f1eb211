from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of orders, and the counts of its tabs, from one index alone."""

    dependencies = [("tasks", "0002_numbers")]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=[
                    "due_at",
                    "state",
                    "from_organization",
                    "to_organization",
                    "to_post",
                    "escalated_to",
                    "place",
                    "id",
                ],
                name="task_list",
            ),
        ),
    ]
