"""Our side as a process: the platform with its own settings, as `web`, `reader` and `signer` run it."""

from __future__ import annotations

from bench.sides import serve


def main() -> None:
    """Set Django up and answer."""
    from yincai.ops.start import set_up_django

    set_up_django()
    from bench.ours import application, card, decision, pages

    card.write_appearance()
    serve(
        {
            "form_page": pages.form_page,
            "section_save": pages.section_save,
            "application": application.application,
            "rule_with_trace": decision.rule_with_trace,
            "form_conditions": decision.form_conditions,
            "sealed_card": card.sealed_card,
        }
    )


if __name__ == "__main__":
    main()
