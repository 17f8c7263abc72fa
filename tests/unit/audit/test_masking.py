import pytest

from pipelines.audit.masking import mask, scrub, scrub_personal, shown_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张伟", "某某"),
        ("13812345678", "00000000000"),
        ("zhang.wei@example.com", "xxxxx.xxx@xxxxxxx.xxx"),
        ("SO-2024/17 a", "XX-0000/00 x"),
        ("Ünïcode", "Xxxxxxx"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_keeps_the_shape_and_nothing_else(text, expected):
    assert mask(text) == expected


def test_mask_cuts_long_text():
    assert mask("a" * 100, longest=5) == "xxxxx…"


@pytest.mark.parametrize(
    "personal",
    [
        "13812345678",
        "+86 138 1234 5678",
        "zhang.wei@example.com",
        "11010519491231002X",
        "4111 1111 1111 1111",
    ],
)
def test_scrub_takes_personal_data_out_of_running_text(personal):
    said = scrub(f"value {personal} of the row is wrong")
    assert personal not in said
    assert said.startswith("value ")
    assert said.endswith(" of the row is wrong")


def test_scrub_masks_what_a_message_quotes_from_a_cell():
    assert scrub("unit_price: '1.2.3 kr' is not a number") == "unit_price: '0.0.0 xx' is not a number"


def test_scrub_personal_leaves_codes_keys_and_amounts_alone():
    # 246564880000000 is as long as a card number, but its Luhn sum is 46, no multiple of ten.
    text = "SO43659, overflow of 246564880000000, channel 'direct', 2024-02-29, difference 80450596.9771 in 1,234 rows"
    assert scrub_personal(text) == text


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("quarantined", "某某|XX0|00000000000"),
        ("rejected", "某某|XX0|00000000000"),
        ("duplicate", "张伟|SO7|00000000000"),
        ("held", "张伟|SO7|00000000000"),
        ("withdrawn", "张伟|SO7|00000000000"),
    ],
)
def test_the_key_of_a_row_is_shown_where_landing_accepted_it(kind, expected):
    assert shown_key("张伟|SO7|13812345678", kind) == expected
