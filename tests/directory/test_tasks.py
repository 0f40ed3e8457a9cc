"""Files of forms that nobody handed in go after two days; those of requests stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.directory.asking import ask, licence, resident
from yincai.directory.tasks import KEPT_FOR, forget_files
from yincai.documents.models import Document
from yincai.foundation import clock
from yincai.ledger import queries as ledger
from yincai.people import queries as people


@pytest.mark.usefixtures("seeded", "reader_here")
def test_file_of_a_form_that_was_never_handed_in_goes_after_two_days() -> None:
    asked, loose = ask(), licence(people.applicant_of(resident()))
    now = clock.now()

    def left_after(wait: timedelta) -> set[object]:
        with clock.frozen(now + wait):
            forget_files(0)
        return set(Document.objects.values_list("id", flat=True))

    assert left_after(KEPT_FOR - timedelta(minutes=1)) == {*asked.documents, loose}
    assert left_after(KEPT_FOR + timedelta(minutes=1)) == set(asked.documents)
    assert ledger.history(loose)[-1].event == "document.discarded"
