"""Live torch modules: every cell against torch's own arithmetic, and what is refused."""

import numpy as np
import pytest

import gatescope

torch = pytest.importorskip("torch", reason="torch is not installed: live modules are not tested")
nn = torch.nn


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(7)


LAYERS = {
    "lstm": lambda: nn.LSTM(8, 16),
    "deep both ways": lambda: nn.LSTM(8, 5, num_layers=3, bidirectional=True),
    "projected": lambda: nn.LSTM(8, 6, num_layers=2, proj_size=3),
    "no bias": lambda: nn.LSTM(8, 4, bias=False),
    "dropout": lambda: nn.LSTM(8, 4, num_layers=2, dropout=0.5),
    "gru": lambda: nn.GRU(8, 7, bidirectional=True),
    "rnn": lambda: nn.RNN(8, 7),
    "relu": lambda: nn.RNN(8, 7, nonlinearity="relu"),
    "double": lambda: nn.LSTM(8, 7).double().float(),
    "lstm cell": lambda: nn.LSTMCell(8, 7),
    "gru cell": lambda: nn.GRUCell(8, 7),
    "rnn cell": lambda: nn.RNNCell(8, 7, nonlinearity="relu"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_agrees_with_torch(name):
    verified = gatescope.verify(LAYERS[name](), torch.randn(40, 8))
    assert verified, verified
    assert verified.worst < 2e-6


def test_what_the_module_gives_is_the_last_h():
    lstm, x = nn.LSTM(8, 16, num_layers=2), torch.randn(50, 1, 8)
    t = gatescope.trace(lstm, x)
    np.testing.assert_allclose(t.layer(1).h, lstm(x)[0][:, 0].detach(), atol=1e-6)
    np.testing.assert_array_equal(t["l1_fwd_h"], t.layer(1).fwd.h)
    with pytest.raises(KeyError, match=r"say which, such as layer\(0\)\.fwd\.h"):
        t["h"]


def test_a_wrong_weight_is_seen(monkeypatch):
    from gatescope import _torch

    lstm, x = nn.LSTM(4, 4), torch.randn(9, 4)
    other = nn.LSTM(4, 4)
    reference = _torch.reference
    monkeypatch.setattr(_torch, "reference", lambda module, *rest: reference(other, *rest))
    verified = gatescope.verify(lstm, x)
    assert not verified and verified.worst > 0.01 and "differs" in str(verified)


def test_batches():
    lstm, x = nn.LSTM(3, 4, batch_first=True), torch.randn(2, 9, 3)
    with pytest.raises(gatescope.GatescopeError, match=r"x holds 2 sequences; batch=0 … batch=1"):
        gatescope.trace(lstm, x)
    t = gatescope.trace(lstm, x, batch=1)
    np.testing.assert_allclose(t.h, lstm(x)[0][1].detach(), atol=1e-6)
    with pytest.raises(gatescope.GatescopeError, match="batch=2: x holds 2 sequences"):
        gatescope.trace(lstm, x, batch=2)


def test_a_packed_sequence_keeps_its_lengths():
    lstm = nn.LSTM(3, 4, bidirectional=True)
    parts = [torch.randn(n, 3) for n in (4, 9, 6)]
    packed = nn.utils.rnn.pack_sequence(parts, enforce_sorted=False)
    for number, part in enumerate(parts):
        t = gatescope.trace(lstm, packed, batch=number)
        assert len(t) == len(part)
        mine = np.concatenate([t.layer(0).fwd.h, t.layer(0).bwd.h], 1)
        np.testing.assert_allclose(mine, lstm(part)[0].detach(), atol=1e-6)


def test_an_initial_state():
    lstm, x = nn.LSTM(3, 4, num_layers=2), torch.randn(9, 1, 3)
    state = torch.randn(2, 1, 4), torch.randn(2, 1, 4)
    t = gatescope.trace(lstm, x, state=state)
    np.testing.assert_allclose(t.layer(1).h, lstm(x, state)[0][:, 0].detach(), atol=1e-6)
    assert gatescope.verify(lstm, x, state=state)
    with pytest.raises(gatescope.GatescopeError, match="takes h and c"):
        gatescope.trace(lstm, x, state=state[0])


class Whole(nn.Module):
    """An LSTM behind a convolution, and a cell in a loop."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(3, 5, 1)
        self.encoder = nn.ModuleDict({"lstm": nn.LSTM(5, 4, batch_first=True)})
        self.cell = nn.LSTMCell(4, 6)
        self.twice = nn.GRU(4, 4, batch_first=True)
        self.unused = nn.RNN(2, 2)

    def forward(self, x):
        inner = self.conv(x.transpose(1, 2)).transpose(1, 2)
        h0 = torch.ones(1, len(x), 4), torch.zeros(1, len(x), 4)
        h = self.encoder["lstm"](inner, hx=h0)[0]
        state = None
        for step in h.transpose(0, 1):
            state = self.cell(step, state)
        again = self.twice(self.twice(h)[0])[0]
        return h, state[0], again


def test_a_layer_in_a_whole_model():
    model, x = Whole().train(), torch.randn(1, 11, 3)
    h, last, again = model(x)
    t = gatescope.trace(model, x, module="encoder.lstm")
    np.testing.assert_allclose(t.h, h[0].detach(), atol=1e-6)
    assert model.training and model.encoder["lstm"].training
    cell = gatescope.trace(model, x, module="cell")
    assert len(cell) == 11
    np.testing.assert_allclose(cell.h[-1], last[0].detach(), atol=1e-6)
    with pytest.raises(gatescope.GatescopeError, match=r"called 2 times.*call=0 … call=1"):
        gatescope.trace(model, x, module="twice")
    second = gatescope.trace(model, x, module="twice", call=1)
    np.testing.assert_allclose(second.h, again[0].detach(), atol=1e-6)
    assert gatescope.verify(model, x, module="lstm")
    assert not model.encoder["lstm"]._forward_hooks


@pytest.mark.parametrize(
    ("module", "line"),
    [
        (None, "module= says which of encoder.lstm, cell, twice, unused"),
        ("nope", "module='nope': is none of encoder.lstm, cell, twice, unused"),
        ("e", "module='e': is one of"),
        ("unused", "was not called"),
    ],
)
def test_a_module_that_is_not_there(module, line):
    with pytest.raises(gatescope.GatescopeError) as caught:
        gatescope.trace(Whole(), torch.randn(1, 3, 3), module=module)
    assert line in str(caught.value)


class Own(nn.LSTM):
    def forward(self, *given):
        return super().forward(*given)


@pytest.mark.parametrize(
    ("model", "x", "line"),
    [
        (lambda: nn.Linear(2, 2), torch.zeros(3, 2), "is no recurrent layer"),
        (lambda: nn.LSTM(2, 2).half(), torch.zeros(3, 2), "half precision"),
        (lambda: nn.LSTM(2, 2).bfloat16(), torch.zeros(3, 2), "bfloat16"),
        (lambda: nn.LSTM(2, 2), torch.zeros(3, 2).half(), "x is float16"),
        (lambda: nn.LSTM(2, 2, device="meta"), torch.zeros(3, 2), "is on meta"),
        (lambda: nn.LSTM(2, 2), torch.zeros(3, 2, device="meta"), "x is on meta"),
        (lambda: nn.LSTM(2, 2), torch.zeros(3, 4), "x is (3, 4); torch.nn.LSTM(2, 2) takes"),
        (lambda: nn.LSTM(2, 2), "text", "x is no array of numbers"),
        (lambda: nn.LSTM(2, 2), None, "x is missing"),
        (lambda: Own(2, 2), torch.zeros(3, 2), "has a forward of its own"),
    ],
)
def test_bad_input(model, x, line):
    with pytest.raises(gatescope.GatescopeError) as caught:
        gatescope.trace(model(), x)
    assert line in str(caught.value)


def test_many_sequences_of_a_live_layer():
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    lstm = nn.LSTM(3, 4)
    parts = [torch.randn(n, 3).numpy() for n in (4, 9, 6)]
    table = gatescope.trace_many(lstm, parts, reduce="last", signals="h")
    for part, h in zip(parts, table["h"].to_pylist(), strict=True):
        np.testing.assert_allclose(h, lstm(torch.as_tensor(part))[1][0][0].detach(), atol=1e-6)
