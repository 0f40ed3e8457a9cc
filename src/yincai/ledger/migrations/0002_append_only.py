"""The database itself refuses to rewrite the ledger, whoever asks (owner and superuser included)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE FUNCTION ledger_head_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.chain <> OLD.chain
        OR NEW.last_sequence NOT IN (OLD.last_sequence, OLD.last_sequence + 1)
        OR (NEW.last_sequence = OLD.last_sequence AND NEW.last_hash <> OLD.last_hash)
        OR NEW.checkpointed_sequence < OLD.checkpointed_sequence
    THEN
        RAISE EXCEPTION 'the head of a chain moves forward by one entry at a time, never back'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_delivery_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_delivery
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_chain_stays BEFORE DELETE OR TRUNCATE ON ledger_chain
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_chain_moves_forward BEFORE UPDATE ON ledger_chain
    FOR EACH ROW EXECUTE FUNCTION ledger_head_moves_forward();
"""

BACKWARD = """
DROP TRIGGER ledger_chain_moves_forward ON ledger_chain;
DROP TRIGGER ledger_chain_stays ON ledger_chain;
DROP TRIGGER ledger_delivery_append_only ON ledger_delivery;
DROP TRIGGER ledger_checkpoint_append_only ON ledger_checkpoint;
DROP TRIGGER ledger_entry_append_only ON ledger_entry;
DROP FUNCTION ledger_head_moves_forward();
DROP FUNCTION ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
