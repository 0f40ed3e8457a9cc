"""The bare side as a process: a plain Django project and plain libraries, nothing of the platform."""

from __future__ import annotations

from bench.sides import serve


def main() -> None:
    """Set Django up, make the tables, and answer."""
    from bench.baselines import project

    project.set_up()
    from bench.baselines import card, decision, section_site, wizard_site

    serve(
        {
            "form_page": section_site.form_page,
            "section_save": section_site.section_save,
            "application": wizard_site.application,
            "rule_with_trace": decision.rule_with_trace,
            "form_conditions": decision.form_conditions,
            "sealed_card": card.sealed_card,
        }
    )


if __name__ == "__main__":
    main()
