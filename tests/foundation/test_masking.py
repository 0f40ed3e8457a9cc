from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yincai.foundation.masking import mask_address, mask_email, mask_identity, mask_name, mask_phone


@pytest.mark.parametrize(
    ("mask", "plain", "shown"),
    [
        (mask_identity, "11010519491231002X", "110***********002X"),
        (mask_identity, "E12345678", "E******78"),
        (mask_identity, "123456", "******"),
        (mask_identity, "", ""),
        (mask_phone, "+8613812345678", "138****5678"),
        (mask_phone, "13812345678", "138****5678"),
        (mask_phone, "+8631186688888", "0311****8888"),
        (mask_phone, "031186688888", "0311****8888"),
        (mask_phone, "+861086688888", "010****8888"),
        (mask_phone, "+864008881234", "400***1234"),
        (mask_phone, "+85291234567", "+852****4567"),
        (mask_phone, "+4512345678", "+4****78"),
        (mask_phone, "86688888", "******88"),
        (mask_phone, "12345", "*****"),
        (mask_name, "张三", "张*"),
        (mask_name, "欧阳修远", "欧***"),
        (mask_name, "张", "*"),
        (mask_name, "", ""),
        (mask_email, "zhang@example.org", "z***@example.org"),
        (mask_email, "z@example.org", "***@example.org"),
        (mask_address, "河北省某市长安区某某路128号某小区2-301", "河北省某市长安区******"),
        (mask_address, "某县", "******"),
        (mask_address, "某某路一百二十八号", "******"),
        (mask_address, "", ""),
        (mask_email, "zhang", "*****"),
    ],
)
def test_mask_shows_the_minimum(mask: Callable[[str], str], plain: str, shown: str) -> None:
    assert mask(plain) == shown


@given(
    st.sampled_from([mask_identity, mask_phone, mask_name]),
    st.text("0123456789ABCX+", min_size=1, max_size=25),
)
def test_mask_hides_something_of_anything(mask: Callable[[str], str], plain: str) -> None:
    assert "*" in mask(plain)
