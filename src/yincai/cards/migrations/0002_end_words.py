"""Why a card ended is somebody's own words: sealed from now on."""

import yincai.foundation.fields
from django.db import migrations


def seal(apps, schema_editor):
    """Under the ring; `rekey-persons` seals it anew for the holder."""
    cards = apps.get_model("cards", "Card").objects
    for key, words in cards.exclude(end_reason="").values_list("pk", "end_reason").iterator():
        cards.filter(pk=key).update(end_words=words)


def unseal(apps, schema_editor):
    cards = apps.get_model("cards", "Card").objects
    for key, words in cards.values_list("pk", "end_words").iterator():
        cards.filter(pk=key).update(end_reason=words)


class Migration(migrations.Migration):

    dependencies = [
        ("cards", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="card",
            name="end_words",
            field=yincai.foundation.fields.EncryptedTextField(blank=True, default=""),
        ),
        migrations.RunPython(seal, unseal),
        migrations.RemoveField(model_name="card", name="end_reason"),
    ]
