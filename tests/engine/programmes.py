"""A small programme with every kind of field, as files, for the tests of the engine."""

from __future__ import annotations

from yincai.engine.loading import load_programme
from yincai.engine.spec import Programme

FILES = {
    "programme.yaml": """\
place: harbour_city
name: sample
title: 样例
summary: 样例
variants:
  - {code: A, title: 甲}
  - {code: B, title: 乙}
reference: S{timestamp}
exclusivity: group:sample
identity: {document: paper, name: full_name, phone: mobile, photo: picture}
about: {who: 任何人, minutes: 1, cost: 免费, duration: 无, legal_basis: [无]}
declaration: 承诺
""",
    "form.yaml": """\
sections:
  - name: person
    title: 个人
    fields:
      - {name: full_name, kind: person_name, label: 姓名, required: true}
      - {name: picture, kind: photo, label: 照片, required: true}
      - {name: sex, kind: code, list: sex, label: 性别, required: true}
      - {name: born, kind: date, label: 出生日期, required: true, min: 1900-01-01, max: today}
      - {name: paper, kind: identity_document, label: 证件, required: true, types: ["111", "414"],
         birth_date_field: born, sex_field: sex}
      - {name: mobile, kind: phone, mobile: true, label: 手机号码, required: true}
      - {name: mail, kind: email, label: 电子邮箱}
      - {name: home, kind: address, label: 住址, max_length: 10}
  - name: talent
    title: 人才
    fields:
      - name: origin
        label: 来源
        required: true
        either:
          - name: introduced
            label: 引进
            fields:
              - name: term
                kind: radio
                label: 签约期限
                required: true
                options:
                  - {code: "1", label: 一年}
                  - {code: "2", label: 一年以上}
              - {name: months, kind: number, label: 月数, visible: term == "2", required: true,
                 min: 12, max: 600, unit: 个月}
          - name: home_grown
            label: 自主培养
            fields:
              - {name: post, kind: text, label: 职务, max_length: 5, personal: false}
      - {name: long_stay, kind: checkbox, label: 长期, visible: months >= 120}
      - {name: story, kind: rich_text, label: 经历, max_length: 20}
      - {name: since, kind: month, label: 参保起始月, max: today}
      - {name: pay, kind: number, label: 月薪, decimals: 2}
      - {name: agree, kind: checkbox, label: 同意公示, required: true}
      - {name: employer, kind: organisation, label: 单位, required: long_stay}
      - {name: school, kind: school, label: 院校}
  - name: household
    title: 家庭
    visible: variant == "B"
    fields:
      - name: family
        kind: rows
        label: 家庭成员
        min_rows: 1
        max_rows: 3
        columns:
          - {name: name, kind: person_name, label: 姓名, required: true}
          - {name: born, kind: date, label: 出生日期}
          - {name: paper, kind: identity_document, label: 证件, types: ["111"], birth_date_field: born,
             required: 'age(born, today) >= 16'}
          - {name: adopted, kind: checkbox, label: 收养}
          - {name: adopted_on, kind: date, label: 收养日期, visible: adopted, required: true}
        documents:
          - {name: birth, title: 出生医学证明, form: 原件, required: not adopted}
          - {name: adoption, title: 收养登记证, form: 原件, visible: adopted, required: true}
""",
    "materials.yaml": """\
materials:
  - {name: degree, title: 学历证书, form: 原件, required: true}
  - {name: contract, title: 工作合同, form: 复印件, required: 'origin == "introduced"', accept: [pdf, word]}
  - {name: stay, title: 居住证明, form: 原件或复印件, visible: long_stay, required: true, max_files: 3}
""",
    "rules.yaml": """\
rules:
  - name: adult
    title: 成年
    source: 样例 第一条
    is: age(born, today) >= 18
""",
    "workflow.yaml": """\
initial: draft
states:
  - {name: draft, title: 草稿箱, menu: drafts, holder: applicant}
  - {name: desk, title: 正在审批, menu: in_review, holder: librarian, limit: {working_days: 5}}
  - {name: passed, title: 审批通过, menu: approved, final: true}
transitions:
  - {name: submit, title: 送审, from: draft, to: desk, by: applicant, event: case.submitted,
     guard: complete and rule.adult, refusal: 还不能提交。, effects: [assign_reference, freeze_round]}
  - {name: accept, title: 通过, from: desk, to: passed, by: librarian, event: case.approved,
     needs: [opinion], not_by: [submit], effects: [order_card]}
""",
    "card.yaml": """\
kind: sample_card
title: 样例卡
number: S{variant}{serial:05}
validity_years: none
layout: card.typ
fields:
  - {name: name, label: 姓名, value: full_name, mask: name}
seal: {authority: 样例局, code: "1301000000001", line: 样本}
""",
    "card.typ": "#sys.inputs",
    "messages.yaml": """\
case.submitted:
  inbox: {title: 已提交, body: "{post} {reference} {reason}"}
  sms: 受理编号{reference}
""",
}


def files(**changed: str) -> dict[str, str]:
    """Return the sample's files; ``form="…"`` replaces ``form.yaml`` and so on."""
    return {**FILES, **{f"{name}.yaml": text for name, text in changed.items()}}


def sample() -> Programme:
    """Return the sample programme, loaded."""
    return load_programme(FILES)
