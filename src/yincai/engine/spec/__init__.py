"""The shape of a programme, as the loader hands it out: immutable, no behaviour of its own."""

from __future__ import annotations

from yincai.engine.spec.form import APPLICANT as APPLICANT
from yincai.engine.spec.form import ARRIVAL as ARRIVAL
from yincai.engine.spec.form import Accept as Accept
from yincai.engine.spec.form import Concerns as Concerns
from yincai.engine.spec.form import Field as Field
from yincai.engine.spec.form import Mask as Mask
from yincai.engine.spec.form import Material as Material
from yincai.engine.spec.form import MaterialForm as MaterialForm
from yincai.engine.spec.form import RadioOption as RadioOption
from yincai.engine.spec.form import Section as Section
from yincai.engine.spec.form import by_name as by_name
from yincai.engine.spec.offices import ROUTES as ROUTES
from yincai.engine.spec.offices import Decided as Decided
from yincai.engine.spec.offices import Destination as Destination
from yincai.engine.spec.offices import OfficeRule as OfficeRule
from yincai.engine.spec.outcome import STANDARD as STANDARD
from yincai.engine.spec.outcome import Card as Card
from yincai.engine.spec.outcome import CardField as CardField
from yincai.engine.spec.outcome import Contact as Contact
from yincai.engine.spec.outcome import Message as Message
from yincai.engine.spec.outcome import Papers as Papers
from yincai.engine.spec.outcome import Seal as Seal
from yincai.engine.spec.programme import ASSURANCES as ASSURANCES
from yincai.engine.spec.programme import COMPLETION as COMPLETION
from yincai.engine.spec.programme import About as About
from yincai.engine.spec.programme import AssuranceNeeds as AssuranceNeeds
from yincai.engine.spec.programme import Exclusivity as Exclusivity
from yincai.engine.spec.programme import ExclusivityKind as ExclusivityKind
from yincai.engine.spec.programme import Identity as Identity
from yincai.engine.spec.programme import LegalCase as LegalCase
from yincai.engine.spec.programme import Programme as Programme
from yincai.engine.spec.programme import Question as Question
from yincai.engine.spec.programme import Variant as Variant
