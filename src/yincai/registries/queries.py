"""Questions about consents and checks."""

from __future__ import annotations

from yincai.registries.certificates import challenge
from yincai.registries.consents import ConsentView, consents_of, has_consent
from yincai.registries.held import held_about
from yincai.registries.real_name import real_name_of

__all__ = ["ConsentView", "challenge", "consents_of", "has_consent", "held_about", "real_name_of"]
