"""Makes the fixtures of ReadingTests: model files that leave something open, or mean more than their
recurrent weights say, with what must come of each.

Run in this folder: python3 make_reading_fixtures.py
Needs torch, safetensors, numpy and h5py. Writes readings/, in it cases.json and
reference.bin.

A case names a file, what a person says of it (`module`, `ignored`, …) and either the message that refuses
it (`error`) or what is read: the tracks, (signals, units) each, whose numbers stand in reference.bin
as Float64, after the input where that is numbers; and what is said of the reading. The references
follow the equations of PyTorch's and Keras's documentation.
"""

import json
import os
import shutil
import warnings

import h5py
import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn.utils import prune

FOLDER = "readings"
STEPS = 5
CASES, NUMBERS = [], []
STREAM = np.random.default_rng(31)
ACTIVATIONS = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hard_sigmoid_2": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
}


def f64(values):
    if isinstance(values, torch.Tensor):
        values = values.detach().to(torch.float32).numpy()
    return np.asarray(values, np.float64)


def run(cell, x, W, R, b=0, br=0, gate="sigmoid", activation="tanh", reverse=False):
    """(T, signals, H) of one direction in Gatescope's order; the rows in PyTorch's."""
    act, sig = ACTIVATIONS[activation], ACTIVATIONS[gate]
    h, c = np.zeros(R.shape[1]), np.zeros(R.shape[1])
    result = [None] * len(x)
    for t in reversed(range(len(x))) if reverse else range(len(x)):
        a, r = W @ x[t] + b, R @ h + br
        if cell == "lstm":
            i, f, z, o = np.split(a + r, 4)
            i, f, z, o = sig(i), sig(f), act(z), sig(o)
            c = f * c + i * z
            h = o * act(c)
            result[t] = [z, f, i, o, c, h]
        elif cell == "gru":
            (ar, au, an), (rr, ru, rn) = np.split(a, 3), np.split(r, 3)
            reset, u = sig(ar + rr), sig(au + ru)
            n = act(an + reset * rn)
            h = (1 - u) * n + u * h
            result[t] = [reset, u, n, h]
        else:
            h = act(a + r)
            result[t] = [h]
    return np.array(result)


def layer(cell, state, x, suffix="_l0", **more):
    """The same of a dictionary with PyTorch's names."""
    get = lambda name: f64(state[name + suffix]) if name + suffix in state else 0
    return run(cell, x, get("weight_ih"), get("weight_hh"), get("bias_ih"), get("bias_hh"), **more)


def stack(cell, state, x, **more):
    """Every layer of one direction."""
    tracks, number = [], 0
    while f"weight_ih_l{number}" in state:
        tracks.append(layer(cell, state, x, f"_l{number}", **more))
        x = tracks[-1][:, -1]
        number += 1
    return tracks


def numbers(width):
    return STREAM.uniform(-1, 1, (STEPS, width)).astype("f").astype("d")


def part(state, prefix):
    """The tensors below a prefix, without it."""
    return {name[len(prefix):]: value for name, value in state.items() if name.startswith(prefix)}


def refused(file, error, **choices):
    CASES.append(dict(file=file, error=error, **choices))


def read(file, tracks, x=None, tokens=None, **more):
    """What enters stands before the tracks, unless it is tokens."""
    start = len(NUMBERS)
    if tokens is None:
        NUMBERS.extend(x.reshape(-1).tolist())
    for track in tracks:
        NUMBERS.extend(track.reshape(-1).tolist())
    CASES.append(dict(
        file=file, tokens=tokens, width=0 if tokens else x.shape[1],
        tracks=[[t.shape[1], t.shape[2]] for t in tracks], start=start,
        count=len(NUMBERS) - start, **more))


def save(name, state):
    torch.save(state, f"{FOLDER}/{name}")
    return state


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    torch.manual_seed(31)
    for section in SECTIONS:
        section()
    np.array(NUMBERS, "<f8").tofile(f"{FOLDER}/reference.bin")
    with open(f"{FOLDER}/cases.json", "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in CASES) + "\n]\n")


def module(**parts):
    whole = torch.nn.Module()
    for name, value in parts.items():
        setattr(whole, name, value)
    return whole


# --- A tensor beside the recurrent weights, under their prefix, that is not used -----------------------


class LayerNormCell(torch.nn.Module):
    """LSTMCell with layer norms of the sums and of c."""

    def __init__(self, inputs, units):
        super().__init__()
        cell = torch.nn.LSTMCell(inputs, units, bias=False)
        self.weight_ih, self.weight_hh = cell.weight_ih, cell.weight_hh
        self.layernorm_i, self.layernorm_h, self.layernorm_c = (
            torch.nn.LayerNorm(size) for size in (4 * units, 4 * units, units))


BESIDE = "beside the recurrent weights and would not be used, so this is no plain"


def leftovers():
    state = save("layernorm-cell.pt", module(cell=LayerNormCell(3, 2)).state_dict())
    flags = "--ignore cell.layernorm_ opens it all the same"
    refused("layernorm-cell.pt",
            f"tensor 'cell.layernorm_c.bias' and 5 more stand {BESIDE} LSTM; {flags}")
    x = numbers(3)
    extra = sorted(name for name in state if "layernorm" in name)
    read("layernorm-cell.pt", [layer("lstm", part(state, "cell."), x, "")], x,
         ignore=["cell.layernorm_"], ignored=extra, warnings=[SHAPES.format("'cell'", "an LSTM")],
         guesses=["LSTM?", ""])
    refused("layernorm-cell.pt",
            "no unused tensor is named 'peephole'; there are: "
            + ", ".join(f"'{name}'" for name in extra), ignore=["peephole"])

    # What many people have beside an LSTM: none of it is a part of it.
    whole = module(
        lstm=torch.nn.LSTM(3, 2), norm=torch.nn.BatchNorm1d(2), fc=torch.nn.Linear(2, 4),
        value=torch.nn.Sequential(torch.nn.Linear(7, 1)))
    whole.register_buffer("position_ids", torch.arange(6))
    whole.lstm.register_buffer("total_ops", torch.zeros(1))
    whole.lstm.register_buffer("dropout_mask", torch.ones(2))
    state = save("usual.pt", whole.state_dict())
    x = numbers(3)
    read("usual.pt", stack("lstm", part(state, "lstm."), x), x, readout="fc.weight",
         guesses=[""])

    # A bare module has no prefix: every other tensor of the file is beside it, but for a head.
    bare = torch.nn.GRU(3, 2)
    bare.fc = torch.nn.Linear(2, 4)
    bare.register_buffer("num_batches_tracked", torch.tensor(3))
    state = save("bare.pt", bare.state_dict())
    x = numbers(3)
    read("bare.pt", stack("gru", state, x), x, readout="fc.weight", guesses=[""])
    bare.gate = torch.nn.Linear(2, 2)
    bare.scale = torch.nn.Parameter(torch.ones(2))
    state = save("bare-gate.pt", bare.state_dict())
    refused("bare-gate.pt", f"tensor 'gate.bias' and 2 more stand {BESIDE} GRU; --ignore gate.bias "
            "--ignore gate.weight --ignore scale opens it all the same")
    refused("bare-gate.pt", f"tensor 'scale' stands {BESIDE} GRU; --ignore scale opens it all the same",
            ignore=["gate"])
    x = numbers(3)
    read("bare-gate.pt", stack("gru", state, x), x, ignore=["gate", "scale"], readout="fc.weight",
         ignored=["gate.bias", "gate.weight", "scale"], guesses=["", ""])
    bare = torch.nn.RNN(3, 2)
    bare.weight_mm = torch.nn.Parameter(torch.randn(2, 2))
    save("bare-matrix.pt", bare.state_dict())
    refused("bare-matrix.pt",
            f"tensor 'weight_mm' stands {BESIDE} RNN; --ignore weight_mm opens it all the same")


SHAPES = "{} is {} as told by shapes alone; --verify proves it"


# --- Class names before shapes ----------------------------------------------------------------------


class OriginalLSTMCell(torch.nn.Module):
    """Of 1997, without a forget gate: the shapes of a GRU."""

    def __init__(self, inputs, units):
        super().__init__()
        cell = torch.nn.GRUCell(inputs, units)
        for name, value in cell.named_parameters():
            setattr(self, name, value)


class GRUCell(OriginalLSTMCell):
    """Somebody's own, of PyTorch's name."""


class ShiftedLSTM(torch.nn.LSTM):
    """Derived from PyTorch's."""


class ActedCell(OriginalLSTMCell):
    def __init__(self, inputs, units):
        super().__init__(inputs, units)
        self.act = torch.nn.Tanh()


def classes():
    whole = save("original-lstm.pt", module(rnn=OriginalLSTMCell(3, 2)))
    refused("original-lstm.pt", "module 'rnn' is of class '__main__.OriginalLSTMCell', which Gatescope "
            "does not step; --cell gru steps it as a GRU all the same")
    x = numbers(3)
    state = whole.rnn.state_dict()
    read("original-lstm.pt", [layer("gru", state, x, "")], x, cell="gru", guesses=["GRU?"])
    refused("original-lstm.pt", "tensor 'rnn.weight_hh': expected (8, 2), found (6, 2)", cell="lstm")
    whole = save("own-gru.pt", module(rnn=GRUCell(3, 2)))
    x = numbers(3)
    read("own-gru.pt", [layer("gru", whole.rnn.state_dict(), x, "")], x, guesses=["GRU?"])
    whole = save("derived.pt", module(rnn=ShiftedLSTM(3, 2, 2)))
    x = numbers(3)
    read("derived.pt", stack("lstm", whole.rnn.state_dict(), x), x, guesses=["LSTM?"])
    whole = save("stated.pt", module(rnn=torch.nn.LSTMCell(3, 2)))
    x = numbers(3)
    read("stated.pt", [layer("lstm", whole.rnn.state_dict(), x, "")], x, guesses=[], basis="stated")

    # A state_dict has no class, but names every module: PyTorch's cells have none inside.
    save("acted.pt", module(rnn=ActedCell(3, 2)).state_dict())
    refused("acted.pt", "module 'rnn' has parts that PyTorch's cells have not ('rnn.act'), so it is no "
            "plain GRU; --cell gru steps it as one all the same")
    # torchrecurrent names its cells so, and GRU cells in a list are named alike.
    cells = module(rnn=module(cells=torch.nn.ModuleList([torch.nn.GRUCell(3, 2)])))
    state = save("cells-gru.pt", cells.state_dict())
    refused("cells-gru.pt", "module 'rnn.cells.0' has the names and shapes of PyTorch's GRUCell and of "
            "other cells (torchrecurrent's OriginalLSTM, MUT2 and MUT3); if it is a GRU, say --cell gru")
    x = numbers(3)
    read("cells-gru.pt", [layer("gru", part(state, "rnn.cells.0."), x, "")], x, cell="gru",
         guesses=[])
    cells = module(rnn=module(cells=torch.nn.ModuleList([torch.nn.LSTMCell(3, 2)])))
    state = save("cells-lstm.pt", cells.state_dict())
    x = numbers(3)
    read("cells-lstm.pt", [layer("lstm", part(state, "rnn.cells.0."), x, "")], x,
         warnings=[SHAPES.format("'rnn.cells.0'", "an LSTM")], guesses=["LSTM?"])
    cells = module(rnn=module(cells=torch.nn.ModuleList([torch.nn.RNNCell(3, 2)])))
    state = save("cells-rnn.pt", cells.state_dict())
    refused("cells-rnn.pt", "module 'rnn.cells.0' has the names and shapes of PyTorch's RNNCell and of "
            "other cells (torchrecurrent's ATR, SGRN, MiRU2 and AntisymmetricRNN); if it is an RNN, say "
            "--cell rnn")


# --- A weight in two forms ------------------------------------------------------------------------------


def grow(state, *names):
    for name in names:
        with torch.no_grad():
            state[name].mul_(1.7)


FOLDED = "folded from weight norm, g\u00b7v/|v|"


def forms():
    warnings.filterwarnings("ignore")
    # The old hook, of both matrices, one over rows and one over columns; and of a readout.
    lstm, fc = torch.nn.LSTM(3, 2), torch.nn.utils.weight_norm(torch.nn.Linear(2, 4))
    torch.nn.utils.weight_norm(lstm, "weight_ih_l0", dim=1)
    torch.nn.utils.weight_norm(lstm, "weight_hh_l0")
    grow(dict(lstm.named_parameters()), "weight_ih_l0_g", "weight_hh_l0_g")
    lstm(torch.zeros(1, 1, 3))
    fc(torch.zeros(1, 2))
    save("norm-old.pt", module(lstm=lstm, fc=fc).state_dict())
    plain = {name: getattr(lstm, name) for name in
             ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]}
    x = numbers(3)
    read("norm-old.pt", stack("lstm", plain, x), x, readout="fc.weight", guesses=[""],
         notes=[f"'fc.weight', 'lstm.weight_hh_l0', 'lstm.weight_ih_l0': {FOLDED}"])
    # g of one number.
    gru = torch.nn.GRU(3, 2)
    torch.nn.utils.weight_norm(gru, "weight_hh_l0", dim=None)
    gru(torch.zeros(1, 1, 3))
    save("norm-whole.pt", gru.state_dict())
    plain = {**gru.state_dict(), "weight_hh_l0": gru.weight_hh_l0}
    x = numbers(3)
    read("norm-whole.pt", stack("gru", plain, x), x, guesses=[],
         notes=[f"'weight_hh_l0': {FOLDED}"])
    # The parametrization, of a bidirectional layer.
    lstm = torch.nn.LSTM(3, 2, bidirectional=True)
    norm = torch.nn.utils.parametrizations.weight_norm
    for name in ["weight_hh_l0", "weight_hh_l0_reverse"]:
        norm(lstm, name)
        grow(dict(lstm.named_parameters()), f"parametrizations.{name}.original0")
    state = module(lstm=lstm).state_dict()
    save_file({name: value.contiguous() for name, value in state.items()},
              f"{FOLDER}/norm-new.safetensors")
    plain = {name: getattr(lstm, name) for name in lstm._flat_weights_names}
    x = numbers(3)
    read("norm-new.safetensors",
         [layer("lstm", plain, x), layer("lstm", plain, x, "_l0_reverse", reverse=True)], x,
         guesses=[], notes=[f"'lstm.weight_hh_l0', 'lstm.weight_hh_l0_reverse': {FOLDED}"])
    # Pruned.
    rnn = torch.nn.RNN(3, 4)
    prune.l1_unstructured(rnn, "weight_hh_l0", 0.5)
    save("pruned.pt", rnn.state_dict())
    plain = {**rnn.state_dict(), "weight_hh_l0": rnn.weight_hh_l0}
    x = numbers(3)
    read("pruned.pt", stack("rnn", plain, x), x, guesses=["tanh?"],
         notes=["'weight_hh_l0': pruned, weights times mask"])
    # fastai's: the weights beside the module, their dropped-out copy in it; three of them, tied.
    table, state, tracks = torch.randn(7, 3), {}, []
    state["0.encoder.weight"] = state["0.encoder_dp.emb.weight"] = table
    tokens = [int(t) for t in STREAM.integers(0, 7, STEPS)]
    x = f64(table)[tokens]
    for number, (inputs, units) in enumerate([(3, 4), (4, 4), (4, 3)]):
        lstm = torch.nn.LSTM(inputs, units)
        tracks.append(stack("lstm", lstm.state_dict(), x if number == 0 else tracks[-1][0][:, -1]))
        state[f"0.rnns.{number}.weight_hh_l0_raw"] = lstm.weight_hh_l0.data.clone()
        lstm.weight_hh_l0.data = torch.nn.functional.dropout(lstm.weight_hh_l0.data, 0.5)
        state.update({f"0.rnns.{number}.module.{n}": v for n, v in lstm.state_dict().items()})
    state["1.decoder.weight"], state["1.decoder.bias"] = table, torch.randn(7)
    save("fastai.pth", {"model": state, "opt": {}})
    raw = "'0.rnns.{0}.module.weight_hh_l0': read from '0.rnns.{0}.weight_hh_l0_raw', before dropout, " \
          "as at inference"
    read("fastai.pth", tracks[0], tokens=tokens, module="rnns.0", embedding="0.encoder.weight",
         guesses=[], notes=[raw.format(0)])
    x = f64(numbers(4))
    read("fastai.pth", stack("lstm", {**part(state, "0.rnns.1.module."),
                                      "weight_hh_l0": state["0.rnns.1.weight_hh_l0_raw"]}, x), x,
         module="rnns.1", guesses=[], notes=[raw.format(1)])
    # AWD-LSTM's: under another name in the module itself.
    lstm = torch.nn.LSTM(3, 2)
    state = {f"rnns.0.module.{name}": value for name, value in lstm.state_dict().items()}
    state["rnns.0.module.weight_hh_l0_raw"] = state.pop("rnns.0.module.weight_hh_l0")
    save("awd.pt", state)
    x = numbers(3)
    read("awd.pt", stack("lstm", lstm.state_dict(), x), x, guesses=[],
         notes=["'rnns.0.module.weight_hh_l0': read from 'rnns.0.module.weight_hh_l0_raw', before "
                "dropout, as at inference"])
    raw = {f"m.{n}": v for n, v in lstm.state_dict().items()}
    save("raw-shape.pt", {**raw, "m.weight_hh_l0_raw": torch.randn(8, 3)})
    refused("raw-shape.pt", "tensor 'm.weight_hh_l0_raw': expected (4H, H) of an LSTM, (3H, H) of a GRU "
            "or (H, H) of an RNN, found (8, 3)")
    # Averages: EMA's own module, a second state_dict, LitEma's names without dots.
    live, average = torch.nn.LSTM(3, 2), torch.nn.LSTM(3, 2)
    names = lambda lstm, prefix: {prefix + n: v for n, v in lstm.state_dict().items()}
    said = "the average '{}' is read, which is used at inference; --module {} has the weights in training"
    x = numbers(3)
    tracks, training = stack("lstm", average.state_dict(), x), stack("lstm", live.state_dict(), x)
    save("average.pt", {**names(live, "online_model.lstm."), **names(average, "ema_model.lstm."),
                        "initted": torch.tensor(True), "step": torch.tensor(3)})
    read("average.pt", tracks, x, guesses=[], notes=[said.format("ema_model.lstm", "online_model.lstm")])
    read("average.pt", training, x, module="online_model.lstm", guesses=[])
    save("average-key.pt", {"state_dict": names(live, "lstm."), "state_dict_ema": names(average, "lstm."),
                            "epoch": 3})
    read("average-key.pt", tracks, x, guesses=[],
         notes=[said.format("state_dict_ema.lstm", "state_dict.lstm")])
    read("average-key.pt", training, x, module="state_dict.lstm", guesses=[])
    dotless = {f"model_ema.lstm{n}": v for n, v in average.state_dict().items()}
    save("average-dotless.pt", {"state_dict": {**names(live, "model.lstm."), **dotless,
                                               "model_ema.decay": torch.tensor(0.9)}})
    read("average-dotless.pt", tracks, x, guesses=[],
         notes=[said.format("model_ema.lstm", "model.lstm")])
    save("average-list.pt", {"model": names(live, "lstm."),
                             "ema": {"shadow_params": list(average.parameters())}})
    read("average-list.pt", training, x, guesses=[], warnings=[
        "the file has an average of the weights under 'ema', which has no names that are read; here are "
        "the weights in training, under 'model'"])
    # Refused by name: spectral norm old and new, a parametrization without a name.
    told = ": the weight is under spectral norm, which is not folded here; save the model after " \
           "torch.nn.utils.remove_spectral_norm or parametrize.remove_parametrizations"
    lstm = torch.nn.utils.spectral_norm(torch.nn.LSTM(3, 2), "weight_hh_l0")
    save("spectral-old.pt", lstm.state_dict())
    refused("spectral-old.pt", "tensor 'weight_hh_l0_u'" + told)
    lstm = torch.nn.utils.parametrizations.spectral_norm(torch.nn.LSTM(3, 2), "weight_hh_l0")
    save("spectral-new.pt", module(lstm=lstm).state_dict())
    refused("spectral-new.pt", "tensor 'lstm.parametrizations.weight_hh_l0.0._u'" + told)
    told = ": the weight is parametrized in a way that the file does not tell; save the model after " \
           "torch.nn.utils.parametrize.remove_parametrizations"
    lstm = torch.nn.utils.parametrizations.orthogonal(torch.nn.LSTM(3, 2), "weight_hh_l0")
    save("orthogonal.pt", module(lstm=lstm).state_dict())
    refused("orthogonal.pt", "tensor 'lstm.parametrizations.weight_hh_l0.0.base'" + told)


# --- Heads ----------------------------------------------------------------------------------------------


def heads():
    half = lambda rows: module(embedding=torch.nn.Embedding(rows, 3), rnn=torch.nn.LSTM(3, 2))
    both = module(encoder=half(5), decoder=half(7))
    both.decoder.fc_out = torch.nn.Linear(2, 7)
    state = save("seq2seq.pt", both.state_dict())
    tokens = [int(t) for t in STREAM.integers(0, 5, STEPS)]
    x = f64(state["encoder.embedding.weight"])[tokens]
    read("seq2seq.pt", stack("lstm", part(state, "encoder.rnn."), x), tokens=tokens, module="encoder",
         embedding="encoder.embedding.weight", guesses=[], basis="named")
    x = f64(state["decoder.embedding.weight"])[tokens]
    read("seq2seq.pt", stack("lstm", part(state, "decoder.rnn."), x), tokens=tokens, module="decoder",
         embedding="decoder.embedding.weight", readout="decoder.fc_out.weight", guesses=[""])
    read("seq2seq.pt", stack("lstm", part(state, "decoder.rnn."), x), tokens=tokens, module="decoder",
         output="linear", embedding="decoder.embedding.weight", readout="decoder.fc_out.weight",
         guesses=[], basis="named")
    shared = module(one=torch.nn.LSTM(3, 2), two=torch.nn.LSTM(3, 2), fc=torch.nn.Linear(2, 4))
    state = save("shared.pt", shared.state_dict())
    x = numbers(3)
    read("shared.pt", stack("lstm", part(state, "one."), x), x, module="one", guesses=[], warnings=[
        "'fc.weight' could be the readout, but stands as near to another recurrent module; none is "
        "taken; choose it with --readout 'fc.weight'"])
    # Backwards, as a person says.
    x = numbers(3)
    read("shared.pt", stack("lstm", part(state, "two."), x, reverse=True), x, module="two",
         direction="backward", readout=None, guesses=[], warnings=CASES[-1]["warnings"])


# --- Keras: a default of another version ----------------------------------------------------------------


ONLY = "the file holds weights only; taken for granted: "
CONFIG = "; --config model.json gives the config that lies beside them"
BACKWARD = "reading forwards (else --direction backward)"


def keras_weights(name, layers, version=None):
    """As `save_weights` of Keras 2 wrote them; the columns are in Keras's order, i f c o or z r h."""
    with h5py.File(f"{FOLDER}/{name}", "w", libver="latest", meta_block_size=64) as file:
        if version:
            file.attrs["keras_version"] = version.encode()
        for layer_name, weights in layers:
            for key, array in weights.items():
                file[f"{layer_name}/{layer_name}/{key}:0"] = array


def keras_cell(cell, inputs, units):
    """Arrays in Keras's form, and the same under PyTorch's names."""
    gates = {"lstm": 4, "gru": 3, "rnn": 1}[cell]
    draw = lambda *shape: STREAM.uniform(-0.9, 0.9, shape).astype("f")
    arrays = dict(kernel=draw(inputs, gates * units), recurrent_kernel=draw(units, gates * units),
                  bias=draw(gates * units))
    # Keras's z stands before its r.
    order = [1, 0, 2] if cell == "gru" else range(gates)
    rows = lambda a: np.concatenate([np.split(np.asarray(a, "d").T, gates)[g] for g in order])
    return arrays, dict(weight_ih_l0=rows(arrays["kernel"]), weight_hh_l0=rows(arrays["recurrent_kernel"]),
                        bias_ih_l0=rows(arrays["bias"]))


def versions():
    first, a = keras_cell("lstm", 3, 2)
    second, b = keras_cell("lstm", 2, 2)
    layers = [("lstm_1", first), ("lstm_2", second)]
    x = numbers(3)

    def two(**more):
        below = layer("lstm", a, x, **more)
        return [below, layer("lstm", b, below[:, -1], **more)]

    hard = dict(gate="hard_sigmoid_2")
    taken = "activations {} and tanh, the defaults of Keras {} (else --activation {}), "
    stacked = BACKWARD + ", one layer feeding the next"
    for name, version, gates, other in [
            ("keras-220.h5", "2.2.0", "hard_sigmoid", "sigmoid"),
            ("keras-216tf.h5", "2.1.6-tf", "hard_sigmoid", "sigmoid"),
            ("keras-231.h5", "2.3.1", "sigmoid", "hard_sigmoid")]:
        keras_weights(name, layers, version)
        read(name, two(**(hard if gates == "hard_sigmoid" else {})), x,
             guesses=[f"{gates}?", "fwd?", ""],
             warnings=[ONLY + taken.format(gates, version, other) + stacked + CONFIG])
    read("keras-220.h5", two(), x, activation=["sigmoid"], guesses=["fwd?", ""],
         warnings=[ONLY + stacked + CONFIG])
    read("keras-220.h5", two(gate="sigmoid", activation="relu"), x, activation=["sigmoid", "relu"],
         guesses=["fwd?", ""], warnings=[ONLY + stacked + CONFIG])
    read("keras-220.h5", two(reverse=True, **hard), x, direction="backward",
         guesses=["hard_sigmoid?", ""],
         warnings=[ONLY + taken.format("hard_sigmoid", "2.2.0", "sigmoid")
                   + "one layer feeding the next" + CONFIG])
    # TensorFlow 1 and 2 wrote the same version over two defaults.
    keras_weights("keras-224tf.h5", layers, "2.2.4-tf")
    refused("keras-224tf.h5", "layer 'lstm_1': the file holds weights only, and Keras 2.2.4-tf is "
            "TensorFlow 1's with hard_sigmoid or TensorFlow 2's with sigmoid; say which with "
            "--activation, or give --config model.json")
    read("keras-224tf.h5", two(**hard), x, activation=["hard_sigmoid"], guesses=["fwd?", ""],
         warnings=[ONLY + stacked + CONFIG])
    gru, g = keras_cell("gru", 3, 2)
    keras_weights("keras-gru.h5", [("gru_1", gru)], "2.2.4-tf")
    read("keras-gru.h5", [before(g, x)], x, guesses=["hard_sigmoid?", "fwd?"],
         warnings=[ONLY + taken.format("hard_sigmoid", "2.2.4-tf", "sigmoid") + BACKWARD + CONFIG])
    # The config that lies beside the weights says it all.
    config = {"class_name": "Sequential", "keras_version": "2.2.0", "config": {"layers": [
        {"class_name": "LSTM", "config": dict(
            name="lstm_1", units=2, activation="relu", recurrent_activation="hard_sigmoid",
            use_bias=True, return_sequences=True, go_backwards=True)},
        {"class_name": "LSTM", "config": dict(
            name="lstm_2", units=2, use_bias=True, return_sequences=True)}]}}
    with open(f"{FOLDER}/keras-220.json", "w") as file:
        json.dump(config, file)
    with open(f"{FOLDER}/keras-none.json", "w") as file:
        json.dump({"class_name": "Model", "config": {}}, file)
    below = layer("lstm", a, x, reverse=True, activation="relu", **hard)
    read("keras-220.h5", [below, layer("lstm", b, below[:, -1], reverse=True, **hard)], x,
         config="keras-220.json", guesses=[], basis="stated", warnings=[
             "it reads backwards: Keras gives its steps from the last to the first, "
             "here they stand in the order of the input"])
    refused("keras-220.h5", "is no config of a Keras model, as model.to_json() gives it: it lists no "
            "layers", config="keras-none.json")
    # A name that may mean the direction.
    keras_weights("keras-backward.h5", [("lstm_backward", first)], "2.3.1")
    refused("keras-backward.h5", "layer 'lstm_backward': the file holds weights only, and its name may "
            "mean that it reads backwards; say --direction backward or forward, or give --config "
            "model.json")
    read("keras-backward.h5", [layer("lstm", a, x, reverse=True)], x, direction="backward",
         guesses=["sigmoid?"],
         warnings=[ONLY + taken.format("sigmoid", "2.3.1", "hard_sigmoid")[:-2] + CONFIG])
    # Beside the cell's weights stands one that no LSTM of Keras's has.
    extra = {**first, "peephole_kernel": np.ones((3, 2), "f")}
    keras_weights("keras-extra.h5", [("lstm_1", extra)], "2.3.1")
    refused("keras-extra.h5", f"tensor 'lstm_1/lstm_1/peephole_kernel:0' stands {BESIDE} LSTM; --ignore "
            "lstm_1/lstm_1/peephole_kernel:0 opens it all the same")
    # Heads of weights alone: two, and one of several layers.
    dense = lambda *shape: {"kernel": STREAM.uniform(-1, 1, shape).astype("f")}
    keras_weights("keras-heads.h5", [("lstm_1", first), ("one", dense(2, 3)), ("two", dense(2, 4))],
                  "2.3.1")
    alone = taken.format("sigmoid", "2.3.1", "hard_sigmoid") + BACKWARD
    read("keras-heads.h5", [layer("lstm", a, x)], x, guesses=["sigmoid?", "fwd?"], warnings=[
        "several layers could be the readout: 'one/one', 'two/two'; none is taken; choose one with "
        "--readout NAME", ONLY + alone + CONFIG])
    keras_weights("keras-deep.h5", [("lstm_1", first), ("one", dense(2, 3)), ("two", dense(3, 4))],
                  "2.3.1")
    read("keras-deep.h5", [layer("lstm", a, x)], x, guesses=["sigmoid?", "fwd?"], warnings=[
        "the readout has several layers ('one/one', 'two/two'); predictions are not shown",
        ONLY + alone + CONFIG])


def before(state, x):
    """A GRU of Keras that resets before the product, with hard_sigmoid."""
    W, R, b = (state[name] for name in ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0"])
    sig, h, result = ACTIVATIONS["hard_sigmoid_2"], np.zeros(R.shape[1]), []
    (Wr, Wu, Wn), (Rr, Ru, Rn), (br, bu, bn) = (np.split(m, 3) for m in (W, R, b))
    for step in x:
        reset, u = sig(Wr @ step + br + Rr @ h), sig(Wu @ step + bu + Ru @ h)
        n = np.tanh(Wn @ step + bn + Rn @ (reset * h))
        h = (1 - u) * n + u * h
        result.append([reset, u, n, h])
    return np.array(result)


SECTIONS = [leftovers, classes, forms, heads, versions]

if __name__ == "__main__":
    main()
