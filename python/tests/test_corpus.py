"""Many sequences on one machine."""

import numpy as np
import pytest

import gatescope

pytest.importorskip("pyarrow", reason="pyarrow is not installed: tables are not tested")

TEXTS = ["BTSSXXTVVE", "BPVVE", "BTX", "BPTTVPSE"]


def test_each_is_as_it_is_alone(reber):
    table = gatescope.trace_many(reber, TEXTS, ids=list("abcd"), signals="f,h")
    rows = table.to_pylist()
    for number, text in enumerate(TEXTS):
        alone = gatescope.trace(reber, text=text)
        mine = [row for row in rows if row["sequence"] == number]
        assert {row["id"] for row in mine} == {"abcd"[number]}
        np.testing.assert_array_equal(np.array([row["f"] for row in mine], "f"), alone.f)


def test_tokens_and_files(reber, tmp_path):
    by_text = gatescope.trace_many(reber, ["BTX", "BT"], reduce="last")
    by_token = gatescope.trace_many(reber, [[0, 1, 4], np.array([0, 1])], reduce="last")
    assert by_text.equals(by_token)
    (tmp_path / "c.txt").write_text("BTX\nBT\n")
    out = gatescope.trace_many(reber, tmp_path / "c.txt", to=tmp_path / "o.npz", reduce="last")
    with np.load(out) as arrays:
        np.testing.assert_array_equal(arrays["l0_fwd_h"], np.stack(by_text["h"].to_numpy()))


@pytest.mark.parametrize(
    ("sequences", "given", "line"),
    [
        ([], {}, "there are no sequences"),
        (["BTX", "BQ"], {}, 'sequence 1: "Q" at position 1'),
        (["BTX", None], {}, "sequence 1: is no text"),
        (["BTX"], {"ids": ["a", "b"]}, "ids= has 2 names for 1 sequences"),
        (["BTX"], {"reduce": "least"}, "least"),
    ],
)
def test_bad_sequences(reber, tmp_path, sequences, given, line):
    out = tmp_path / "o.parquet"
    with pytest.raises(gatescope.GatescopeError) as caught:
        gatescope.trace_many(reber, sequences, to=out, **given)
    assert line in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_what_is_passed_over_is_said(reber):
    with pytest.warns(gatescope.GatescopeWarning, match="passed over 1 of 2"):
        table = gatescope.trace_many(reber, ["BTX", "BQ"], reduce="last", skip_bad=True)
    assert table["sequence"].to_pylist() == [0]
