"""What a node wrote before it had seals waits for its first."""

from django.db import migrations

MARK = (
    "INSERT INTO seals_unsealedentry (entry) SELECT seq FROM journal_entry",
    "INSERT INTO seals_unsealedreceipt (receipt) SELECT id FROM journal_receipt",
)


class Migration(migrations.Migration):
    dependencies = [("seals", "0001_initial"), ("journal", "0001_initial")]

    operations = [migrations.RunSQL(list(MARK), migrations.RunSQL.noop)]
