"""Live Keras layers against Keras's own cells, and what is refused."""

import numpy as np
import pytest

import gatescope

pytest.importorskip("torch", reason="torch is not installed: Keras needs it here")
keras = pytest.importorskip("keras", reason="keras is not installed: its layers are not tested")
layers = keras.layers

LAYERS = {
    "lstm": lambda: layers.LSTM(6),
    "relu": lambda: layers.LSTM(6, activation="relu", recurrent_activation="hard_sigmoid"),
    "gru": lambda: layers.GRU(5),
    "gru before": lambda: layers.GRU(5, reset_after=False),
    "rnn": lambda: layers.SimpleRNN(5),
    "backwards": lambda: layers.LSTM(5, go_backwards=True),
    "both ways": lambda: layers.Bidirectional(layers.LSTM(4)),
    "no bias": lambda: layers.GRU(5, use_bias=False),
}


@pytest.mark.parametrize("name", LAYERS)
def test_agrees_with_keras(name):
    layer = LAYERS[name]()
    layer.build((None, None, 3))
    verified = gatescope.verify(layer, np.random.default_rng(3).normal(size=(30, 3)))
    assert verified, verified
    assert verified.worst < 2e-6


def test_a_layer_in_a_model():
    x = keras.Input((None, 3))
    h = layers.Conv1D(4, 1)(x)
    lstm = layers.LSTM(5, return_sequences=True, name="middle")
    twice = layers.LSTM(5, return_sequences=True, name="twice")
    y = lstm(h)
    model = keras.Model(x, [y, twice(twice(y))])
    given = np.random.default_rng(3).normal(size=(1, 9, 3)).astype("float32")
    expected = [keras.ops.convert_to_numpy(one) for one in model(given)]
    t = gatescope.trace(model, given, module="middle")
    np.testing.assert_allclose(t.h, expected[0][0], atol=1e-6)
    with pytest.raises(gatescope.GatescopeError, match=r"called 2 times.*call=0 … call=1"):
        gatescope.trace(model, given, module="twice")
    t = gatescope.trace(model, given, module="twice", call=1)
    np.testing.assert_allclose(t.h, expected[1][0], atol=1e-6)
    with pytest.raises(gatescope.GatescopeError, match="module= says which of middle, twice"):
        gatescope.trace(model, given)


def test_masked_steps_are_refused():
    model = keras.Sequential([layers.Embedding(9, 3, mask_zero=True), layers.LSTM(4)])
    model(np.array([[1, 2, 0]]))
    with pytest.raises(gatescope.GatescopeError, match="masked steps"):
        gatescope.trace(model, np.array([[1, 2, 0]]))
    assert len(gatescope.trace(model, np.array([[1, 2, 3]]))) == 3


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        (lambda: layers.Dense(3), "is no recurrent layer"),
        (lambda: layers.LSTM(3), "has no weights yet"),
        (lambda: layers.LSTM(3, dtype="float16"), "half precision"),
    ],
)
def test_bad_layers(layer, line):
    layer = layer()
    with pytest.raises(gatescope.GatescopeError) as caught:
        gatescope.trace(layer, np.zeros((4, 3), "float32"))
    assert line in str(caught.value)
