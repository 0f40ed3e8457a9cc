from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.programmes import FILES, files
from yincai.engine.loading import SpecErrors, load_place, load_place_folder, load_programme, read_folder

MISTAKES = Path(__file__).parent / "mistakes"
HARBOUR_CITY = Path(__file__).parents[2] / "places" / "harbour_city"


def problems_of(changed, *, place=None):
    with pytest.raises(SpecErrors) as caught:
        load_programme(changed, place=place)
    return [str(problem) for problem in caught.value.problems]


def test_every_kind_of_mistake_is_named_with_file_line_and_what_to_do():
    expected = (MISTAKES / "expected.txt").read_text().splitlines()

    found = problems_of(read_folder(MISTAKES), place=load_place_folder(HARBOUR_CITY))

    assert found == expected


DEEP = "sections: " + "[" * 30 + "]" * 30
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nsections: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "sections:\n  - name: 'open\n",
            "form.yaml:3: this is not well-formed YAML (found unexpected end of stream); "
            "check indentation, colons, quotes and brackets here",
        ),
        (
            "sections:\n - a: b: c\n",
            "form.yaml:2: this is not well-formed YAML (mapping values are not allowed here); "
            "check indentation, colons, quotes and brackets here",
        ),
        ("sections:\n\t- name: x\n", "form.yaml:2: the line is indented with a tab; indent with two spaces"),
        (BOMB, "form.yaml:1: &a is an anchor; write the content out; anchors are not used"),
        ("sections: *a\n", "form.yaml:1: *a is an alias; write the content out; aliases are not used"),
        (
            "sections: !!python/object:os.system x\n",
            "form.yaml:1: tag:yaml.org,2002:python/object:os.system is a tag; delete the tag",
        ),
        (
            "sections: []\n---\nsections: []\n",
            "form.yaml:3: a second document begins; keep one document a file; delete the ---",
        ),
        ("? [a, b]\n: c\n", "form.yaml:1: a list or map is used as a key; write a plain word as the key"),
        (DEEP, "form.yaml:1: the lists and keys are nested too deeply; flatten the file"),
        (
            "sections:\n  - name: \x07\n",
            "form.yaml:2: a character is used that YAML does not allow; delete the invisible character",
        ),
        ("", "form.yaml:1: the file is empty; write its keys or delete the file"),
        ("# nothing\n", "form.yaml:1: the file is empty; write its keys or delete the file"),
        ("- a\n", "form.yaml:1: the file is not a map of keys; write it as `key: value` lines"),
        ("a" * 200_001, "form.yaml:1: the file has 200001 characters; keep files within 200000; use include"),
    ],
)
def test_file_that_is_no_plain_yaml(text, problem):
    assert problems_of(files(form=text)) == [problem]


def test_key_written_twice():
    text = FILES["programme.yaml"] + "title: 又一个\n"

    assert problems_of(files(programme=text)) == [
        "programme.yaml:13: the key title is written twice; keep one of them"
    ]


def test_missing_files_are_named_once_each():
    assert problems_of({}) == [
        f"{name}.yaml:1: the file is missing; add it; docs/programmes shows what it holds"
        for name in ("card", "form", "materials", "messages", "programme", "workflow")
    ]


def test_unreachable_state():
    text = FILES["workflow.yaml"].replace("to: passed", "to: draft").replace("librarian", "applicant")

    assert problems_of(files(workflow=text)) == [
        "workflow.yaml:5: state passed: no way leads here from the initial state; "
        "add a transition to it or delete it",
        "workflow.yaml:9: transition accept: it hands draft back to the applicant and says not what may "
        "change; add needs: [items]",
    ]


def test_guard_without_a_sentence_for_people():
    text = FILES["workflow.yaml"].replace(", refusal: 还不能提交。", "")

    assert problems_of(files(workflow=text)) == [
        "workflow.yaml:8: transition submit: there is a guard but no refusal; "
        "add `refusal:` with the sentence people read"
    ]


def test_includes_nested_too_deeply():
    chain = {f"form/{n}.yaml": f"- include: form/{n + 1}.yaml\n" for n in range(5)}
    text = FILES["form.yaml"] + "  - include: form/0.yaml\n"

    assert problems_of({**files(form=text), **chain, "form/5.yaml": "- {}\n"}) == [
        "form/4.yaml:1: includes are nested too deeply; include from form.yaml directly",
        "form/5.yaml:1: no include names this file; include it or delete it",
    ]


def test_included_file_that_is_not_a_list():
    text = FILES["form.yaml"] + "  - include: form/a.yaml\n"

    assert problems_of({**files(form=text), "form/a.yaml": "name: a\n"}) == [
        "form/a.yaml:1: an included file is not a list; write each item on a line that begins with -"
    ]


def test_included_sections_and_fields_take_their_place():
    text = FILES["form.yaml"] + "  - include: form/a.yaml\n"
    included = {
        "form/a.yaml": "- {name: a, title: 甲, fields: [{include: form/b.yaml}]}\n",
        "form/b.yaml": "- {name: last, kind: text, label: 末}\n",
    }

    programme = load_programme({**files(form=text), **included})

    assert [section.name for section in programme.sections] == ["person", "talent", "household", "a"]
    assert programme.field("last").label == "末"


def test_place_mistakes_are_named():
    text = """\
name: harbour_city
title: 港城
branding: {footer: 一行}
roles:
  - {name: clerk, title: 馆员}
  - {name: clerk, title: 馆员}
offices: []
people:
  - {username: a, name: 甲, roles: [mayor]}
  - {username: a, name: 乙, office: nowhere}
mayor: 丙
"""
    with pytest.raises(SpecErrors) as caught:
        load_place(text)

    assert [str(problem) for problem in caught.value.problems] == [
        "place.yaml:1: place has no owner; add `owner:` with a value",
        "place.yaml:3: place: branding has no site_title; add `site_title:` with a value",
        "place.yaml:5: place: clerk is written twice; give each its own name",
        "place.yaml:7: place: offices is not a list with items; write each item on a line that begins with -",
        "place.yaml:9: person: somebody with a role has no office; add office",
        "place.yaml:9: person: the place has no role mayor; use one of: clerk",
        "place.yaml:9: place: a is written twice; give each its own name",
        "place.yaml:10: person: office is nowhere; there is nothing to name here",
        "place.yaml:11: place has no key mayor; "
        "use one of: branding, menu, name, offices, owner, people, reading, roles, title",
    ]


LINES = [line for text in FILES.values() for line in text.splitlines(keepends=True)]
NAMES = [name for name in FILES if name.endswith(".yaml")]


@settings(max_examples=60)
@given(
    st.sampled_from(NAMES), st.text(max_size=80) | st.lists(st.sampled_from(LINES), max_size=8).map("".join)
)
def test_any_text_loads_or_names_its_mistakes(name, text):
    try:
        load_programme({**FILES, name: text})
    except SpecErrors as errors:
        found = [str(problem) for problem in errors.problems]
    else:
        found = ["none"]

    assert found


@settings(max_examples=60)
@given(st.sampled_from(NAMES), st.data())
def test_any_file_with_a_line_taken_out_or_doubled_loads_or_names_its_mistakes(name, data):
    lines = FILES[name].splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at : at + 1] = data.draw(st.sampled_from([[], [lines[at], lines[at]], [lines[at][1:]]]))

    try:
        load_programme({**FILES, name: "".join(lines)})
    except SpecErrors as errors:
        assert all(problem.line >= 1 for problem in errors.problems)  # noqa: PT017


def test_variant_is_kept_from_holders_of_known_others_only():
    text = FILES["programme.yaml"].replace(
        "{code: A, title: 甲}", "{code: A, title: 甲, not_for_holders_of: [B]}"
    )
    wrong = text.replace("title: 乙", "title: 乙, not_for_holders_of: [B, A, C]")

    assert load_programme(files(programme=text)).variant("A").not_for_holders_of == ("B",)
    assert problems_of(files(programme=wrong)) == [
        "programme.yaml:7: variant: there is no other variant B; use one of: A",
        "programme.yaml:7: variant: there is no other variant C; use one of: A",
    ]
