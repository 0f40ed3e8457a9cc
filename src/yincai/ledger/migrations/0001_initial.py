
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('chain', models.UUIDField(primary_key=True, serialize=False)),
                ('last_sequence', models.BigIntegerField(default=0)),
                ('last_hash', models.BinaryField(max_length=32)),
                ('checkpointed_sequence', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'ledger_chain',
                'indexes': [models.Index(condition=models.Q(('last_sequence__gt', models.F('checkpointed_sequence'))), fields=['chain'], name='ledger_chain_unsealed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('checkpointed_sequence__gte', 0), ('last_sequence__gte', models.F('checkpointed_sequence'))), name='ledger_chain_in_bounds')],
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.BinaryField(max_length=32)),
                ('count', models.BigIntegerField()),
                ('file_name', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('hash', models.BinaryField(max_length=32)),
                ('signature', models.BinaryField(max_length=64)),
            ],
            options={
                'db_table': 'ledger_checkpoint',
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='ledger_checkpoint_counts_from_1')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('chain', models.UUIDField()),
                ('sequence', models.BigIntegerField()),
                ('event', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=6)),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_id', models.UUIDField(null=True)),
                ('actor_role', models.CharField(max_length=80)),
                ('office', models.CharField(max_length=80)),
                ('payload', models.JSONField()),
                ('at', models.DateTimeField()),
                ('previous_hash', models.BinaryField(max_length=32)),
                ('hash', models.BinaryField(max_length=32)),
            ],
            options={
                'db_table': 'ledger_entry',
                'constraints': [models.UniqueConstraint(fields=('chain', 'sequence'), name='ledger_entry_once'), models.UniqueConstraint(fields=('hash',), name='ledger_entry_hash'), models.CheckConstraint(condition=models.Q(('sequence__gte', 1)), name='ledger_entry_counts_from_1'), models.CheckConstraint(condition=models.Q(('kind__in', ['change', 'read'])), name='ledger_entry_kind')],
            },
        ),
        migrations.CreateModel(
            name='DeliveryTrouble',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('handler', models.CharField(max_length=120)),
                ('reason', models.CharField(max_length=300)),
                ('attempts', models.IntegerField()),
                ('given_up', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'db_table': 'ledger_delivery_trouble',
                'constraints': [models.UniqueConstraint(fields=('entry', 'handler'), name='ledger_trouble_once')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('handler', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'db_table': 'ledger_delivery',
                'constraints': [models.UniqueConstraint(fields=('entry', 'handler'), name='ledger_delivery_once')],
            },
        ),
    ]
