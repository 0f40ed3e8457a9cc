from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.documents import files
from tests.documents.conftest import Upload
from tests.documents.jobs import jobs_of
from yincai.documents import queries, tasks, vault
from yincai.documents.models import Page
from yincai.documents.sweep import Swept, sweep_orphans, take_up_waiting
from yincai.foundation import clock


def test_sweep_removes_old_files_without_a_row_and_nothing_else(
    inspected: Upload, upload: Upload, vault_folder: Path
) -> None:
    safe, held = inspected(files.jpeg()), upload(files.jpeg())
    orphan = vault.keep(b"left behind", data_key=bytes(32))
    part = vault_folder / f"{orphan}.part"
    part.write_bytes(b"half")
    _age(vault_folder)
    young = vault.keep(b"being uploaded", data_key=bytes(32))

    swept = sweep_orphans()

    assert swept == Swept(2, ())
    assert not vault.files().exists(orphan)
    assert not part.exists()
    assert vault.files().exists(young)
    assert queries.open_page(safe.id, 1)[0]
    assert sweep_orphans().removed == 0
    assert queries.document(held.id).state == "held"


def test_sweep_looks_back_three_days_or_everywhere(db: None, vault_folder: Path) -> None:
    with clock.frozen(datetime.now(UTC) - timedelta(days=10)):
        forgotten = vault.keep(b"ten days old", data_key=bytes(32))
    _age(vault_folder)

    assert sweep_orphans().removed == 0
    assert vault.files().exists(forgotten)
    assert sweep_orphans(everything=True).removed == 1


def test_sweep_names_documents_that_lost_a_file(inspected: Upload, vault_folder: Path) -> None:
    whole, broken = inspected(files.jpeg()), inspected(files.jpeg())
    (vault_folder / Page.objects.get(document=broken.id).storage_key).unlink()

    assert sweep_orphans() == Swept(0, (broken.id,))
    assert queries.open_page(whole.id, 1)


def test_sweep_of_an_empty_storage_is_quiet(db: None) -> None:
    assert sweep_orphans() == Swept(0, ())


def test_waiting_documents_are_asked_for_again_once(upload: Upload, inspected: Upload) -> None:
    late, done = upload(files.jpeg()), inspected(files.jpeg())
    asked = len(jobs_of("documents.inspect"))

    assert take_up_waiting() == 0
    with clock.frozen(datetime.now(UTC) + timedelta(minutes=6)):
        tasks.take_up_waiting(timestamp=0)
        assert take_up_waiting() == 0

    again = jobs_of("documents.inspect")[asked:]
    assert again == [("reader", {"document": str(late.id)})]
    assert queries.document(done.id).is_safe


def _age(folder: Path) -> None:
    """Make every file look two hours old."""
    then = datetime.now(UTC).timestamp() - 7200
    for path in folder.rglob("*"):
        os.utime(path, (then, then))
