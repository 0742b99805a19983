"""Files, traces and what becomes of them, with numpy alone."""

import numpy as np
import pytest

import gatescope


@pytest.fixture
def t(reber):
    return gatescope.trace(reber, text="BTSSXXTVVE")


def test_values_are_those_of_the_recurrence(t):
    c, f, i, z, o, h = (t[name].astype(np.float64) for name in "cfizoh")
    np.testing.assert_allclose(c[1:], f[1:] * c[:-1] + i[1:] * z[1:], atol=1e-6)
    np.testing.assert_allclose(h, o * np.tanh(c), atol=1e-6)
    assert t.f.shape == (10, 8)
    assert t.tokens.tolist() == [0, 1, 3, 3, 4, 4, 1, 5, 5, 6]


def test_arrays_are_mapped_and_read_only(t):
    assert isinstance(t.f.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        t.f[0, 0] = 1


def test_arrays_outlive_their_trace(reber):
    h = gatescope.trace(reber, text="BTX").h
    import gc

    gc.collect()
    assert np.isfinite(h).all()


def test_what_is_not_there_is_named(t):
    with pytest.raises(AttributeError, match="there is no 'q'; there are z, f, i, o, c, h, y"):
        _ = t.q
    with pytest.raises(KeyError, match="there is no layer 1; there are 0"):
        t.layer(1)
    with pytest.raises(AttributeError, match="has no bwd"):
        _ = t.layer(0).bwd


def test_saved_and_opened_again(t, tmp_path):
    path = t.save(tmp_path / "run.npz")
    again = gatescope.open(path)
    for name in (*"zfioch", "y", "loss"):
        np.testing.assert_array_equal(t[name], again[name])
    with pytest.raises(gatescope.GatescopeError, match="is there already"):
        t.save(path)
    with pytest.raises(gatescope.GatescopeError, match=r"saved as \.npz"):
        t.save(tmp_path / "run.csv")
    with pytest.raises(gatescope.GatescopeError, match="cannot be written"):
        t.save(tmp_path / "nowhere" / "run.npz")


@pytest.mark.parametrize("kept", [0, 3, 40, 200, -30])
def test_a_damaged_file_is_refused(t, tmp_path, kept):
    path = t.save(tmp_path / "run.npz")
    data = path.read_bytes()
    path.write_bytes(data[:kept])
    with pytest.raises(gatescope.GatescopeError, match="no NumPy archive"):
        gatescope.open(path)


def test_numpy_reads_the_same(t, tmp_path):
    with np.load(t.save(tmp_path / "run.npz")) as archive:
        for name in archive.files:
            np.testing.assert_array_equal(archive[name], t[name])
        np.savez_compressed(tmp_path / "small.npz", **archive)
    np.testing.assert_array_equal(gatescope.open(tmp_path / "small.npz").c, t.c)


def test_parts_keep_their_numbers(reber):
    part = gatescope.trace(reber, text="BTSSXXTVVE", steps="5..9", units=[2, 7], signals="f,h")
    whole = gatescope.trace(reber, text="BTSSXXTVVE")
    np.testing.assert_array_equal(part.f, whole.f[5:10][:, [2, 7]])
    assert part.steps.tolist() == [5, 6, 7, 8, 9]


def test_tokens_and_features_enter(reber):
    by_text = gatescope.trace(reber, text="BTX")
    np.testing.assert_array_equal(gatescope.trace(reber, tokens=[0, 1, 4]).h, by_text.h)
    adding = reber.replace("reber", "adding")
    x = np.random.default_rng(1).random((12, 2), dtype=np.float32)
    assert gatescope.trace(adding, x).h.shape[0] == 12


def test_to_pandas(t):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = t.to_pandas()
    assert list(frame.columns) == ["step", "token", "layer", "direction", "unit", *"zfioch"]
    table = frame.pivot(index="step", columns="unit", values="c")
    np.testing.assert_array_equal(table.to_numpy(), t.c)
    assert isinstance(frame, pandas.DataFrame)


def test_to_xarray(t):
    pytest.importorskip("xarray", reason="xarray is not installed")
    made = t.to_xarray()
    assert made.dims == ("step", "unit", "signal")
    np.testing.assert_array_equal(made.sel(signal="f").to_numpy(), t.f)
    assert made.token.to_numpy().tolist() == t.tokens.tolist()


def test_a_notebook_gets_a_small_picture(t):
    picture = t._repr_html_()
    assert picture.startswith("<svg") and picture.count("<image") == 6
    assert len(picture) < 20_000


def test_a_picture_shows_the_values(reber):
    """The darkest and the lightest pixel are where f is least and greatest."""
    import base64
    import re
    import zlib

    t = gatescope.trace(reber, text="BTSSXXTVVE", signals="f")
    data = base64.b64decode(re.search(r"base64,([^\"]+)", t._repr_html_())[1])
    at = data.index(b"IDAT")
    size = int.from_bytes(data[at - 4 : at], "big")
    rows = zlib.decompress(data[at + 4 : at + 4 + size])
    pixels = np.frombuffer(rows, np.uint8).reshape(8, 11)[:, 1:]
    np.testing.assert_array_equal(pixels, np.round(t.f.T.astype(np.float64) * 254))


def test_info(reber):
    found = gatescope.info(reber)
    assert found["format"] == "safetensors"
    assert found["modules"][0]["cell"] == "lstm"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"text": "BTQ"}, "\"Q\" at position 2 is not in the model's vocabulary"),
        ({"text": "B", "tokens": [1]}, "one of them enters"),
        ({"tokens": [0.5]}, "tokens are whole numbers"),
        ({"tokens": [99]}, "99"),
        ({"text": "B", "signals": "q"}, "q"),
        ({"text": "B", "call": 1}, "live model"),
        ({}, "--text"),
    ],
)
def test_errors_are_the_programs_line(reber, given, line):
    with pytest.raises(gatescope.GatescopeError) as caught:
        gatescope.trace(reber, **given)
    assert line in str(caught.value)
    assert not str(caught.value).startswith("Error")


def test_no_file_and_no_model():
    with pytest.raises(gatescope.GatescopeError, match=r"nope\.pt: cannot open"):
        gatescope.trace("nope.pt", text="a")
    for call in (gatescope.trace, gatescope.show, gatescope.verify):
        with pytest.raises(gatescope.GatescopeError, match="is no recurrent layer"):
            call(object(), np.zeros((3, 2)))


def test_no_program(monkeypatch, tmp_path, reber):
    monkeypatch.setenv("GATESCOPE_PROGRAM", str(tmp_path / "gone"))
    with pytest.raises(gatescope.ProgramMissing, match="is no program on"):
        gatescope.trace(reber, text="B")


def test_the_command_is_the_program():
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "gatescope", "--version"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, gatescope.__version__)
