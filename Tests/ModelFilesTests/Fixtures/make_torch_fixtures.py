"""Makes the PyTorch and NumPy fixtures of ModelFilesTests, with real torch and numpy.

Run in this folder: python3 make_torch_fixtures.py
Needs torch, numpy and safetensors. Everything is written under torch/; torch/reference.json holds, for each file, the
weights as Float32 bit patterns (rounded from float64 where the file has that) by the names that
Gatescope shows, in PyTorch's order of gates, and what a reading should find beside them; and which tokens
or how many numbers a step enter. torch/reference.bin has those numbers, then every signal of every step as
the equations of PyTorch's documentation give it in Float64, (steps, signals) of each track in Gatescope's
order, then (steps, outputs) of the readout, a softmax. A second run gives the same numbers, but other dates in archives and other keys of storages in legacy files.
"""

import argparse
import collections
import copy
import json
import os
import pathlib
import shutil
import warnings
import zipfile

import numpy
import torch

warnings.filterwarnings("ignore")
shutil.rmtree("torch", ignore_errors=True)
os.makedirs("torch")
torch.manual_seed(11)
reference = {}
SYMBOLS = ["a", "b", "é", "\n", "詩"]


def bits(tensor):
    values = tensor.detach().to(torch.float32).contiguous().reshape(-1).numpy()
    return values.view(numpy.uint32).tolist()


STEPS, NUMBERS = 5, []
STREAM = numpy.random.default_rng(5)


def logistic(x):
    return 1 / (1 + numpy.exp(-x))


def track(state, key, cell, relu, x, reverse):
    """(T, signals) of one layer and direction."""
    get = lambda kind: state.get(key.replace("weight_ih", kind))
    W, R, P = get("weight_ih"), get("weight_hh"), get("weight_hr")
    b, br = [0 if v is None else v for v in (get("bias_ih"), get("bias_hh"))]
    units = len(R) // {"lstm": 4, "gru": 3, "rnn": 1}[cell]
    h, c = numpy.zeros(R.shape[1]), numpy.zeros(units)
    result = [None] * len(x)
    for t in reversed(range(len(x))) if reverse else range(len(x)):
        a, r = W @ x[t] + b, R @ h + br
        if cell == "lstm":
            i, f, z, o = numpy.split(a + r, 4)
            i, f, z, o = logistic(i), logistic(f), numpy.tanh(z), logistic(o)
            c = f * c + i * z
            m = o * numpy.tanh(c)
            h = m if P is None else P @ m
            result[t] = [z, f, i, o, c, h] if P is None else [z, f, i, o, c, m, h]
        elif cell == "gru":
            (ar, au, an), (rr, ru, rn) = numpy.split(a, 3), numpy.split(r, 3)
            reset, u = logistic(ar + rr), logistic(au + ru)
            n = numpy.tanh(an + reset * rn)
            h = (1 - u) * n + u * h
            result[t] = [reset, u, n, h]
        else:
            h = numpy.maximum(a + r, 0) if relu else numpy.tanh(a + r)
            result[t] = [h]
    given = numpy.array([row[-1] for row in result])
    return numpy.array([numpy.concatenate(row) for row in result]), given


def signals(state, cell, module, relu):
    """What enters, and where the numbers of its signals stand."""
    state = {k: v.detach().to(torch.float32).to(torch.float64).numpy() for k, v in state.items()}
    prefix = module + "." if module else ""
    table = next((v for k, v in state.items() if k.endswith("embedding.weight")), None)
    start = len(NUMBERS)
    keys = [prefix + "weight_ih"]
    if keys[0] not in state:
        count = sum(k.startswith(prefix + "weight_ih_l") and "reverse" not in k for k in state)
        keys = [f"{prefix}weight_ih_l{k}" for k in range(count)]
    if table is None:
        tokens, width = None, state[keys[0]].shape[1]
        x = STREAM.uniform(-1, 1, (STEPS, width)).astype("f").astype("d")
        NUMBERS.extend(x.reshape(-1))
    else:
        tokens, width = [int(t) for t in STREAM.integers(0, len(table), STEPS)], 0
        x = table[tokens]
    for key in keys:
        given = []
        for name in [key, key + "_reverse"]:
            if name in state:
                rows, h = track(state, name, cell, relu, x, name.endswith("reverse"))
                NUMBERS.extend(rows.reshape(-1))
                given.append(h)
        x = numpy.concatenate(given, 1)
    weights = next((v for k, v in state.items() if k.endswith("readout.weight")), None)
    if weights is not None:
        bias = next((v for k, v in state.items() if k.endswith("readout.bias")), 0)
        y = numpy.exp(x @ weights.T + bias)
        NUMBERS.extend((y / y.sum(1, keepdims=True)).reshape(-1))
    return dict(tokens=tokens, width=width, start=start, count=len(NUMBERS) - start)


def note(name, state, cell="lstm", module="lstm", vocabulary=None, **more):
    """State: the tensors by the names that Gatescope shows."""
    reference[name] = dict(
        cell=cell, module=module, vocabulary=vocabulary,
        tensors={key: bits(value) for key, value in state.items()},
        **signals(state, cell, module, more.get("relu", False)), **more)


class Net(torch.nn.Module):
    def __init__(self, cell=torch.nn.LSTM, **options):
        super().__init__()
        self.embedding = torch.nn.Embedding(5, 3)
        self.lstm = cell(3, 2, **options)
        self.readout = torch.nn.Linear(2 * (2 if options.get("bidirectional") else 1), 5)

    def forward(self, tokens):
        return self.readout(self.lstm(self.embedding(tokens))[0])


def save(name, value, state, legacy=False, **more):
    torch.save(value, f"torch/{name}", _use_new_zipfile_serialization=not legacy)
    note(name, state, **more)


# Legacy files carry the modules' source; a word will do here.
torch.serialization.get_source_lines_and_file = lambda *_, **__: (["source"], 1, "net.py")


# --- state_dicts: both containers, every cell, every dtype ---------------------------------------
net = Net()
save("state.pt", net.state_dict(), net.state_dict())
save("state-legacy.pt", net.state_dict(), net.state_dict(), legacy=True)
stack = Net(num_layers=2, bidirectional=True)
save("stack.pth", stack.state_dict(), stack.state_dict())
for dtype in ["float64", "float16", "bfloat16"]:
    typed = Net().to(getattr(torch, dtype))
    save(f"{dtype}.bin", typed.state_dict(), typed.state_dict())
    save(f"{dtype}-legacy.bin", typed.state_dict(), typed.state_dict(), legacy=True)
gru = torch.nn.GRU(3, 2, bias=False)
save("gru.pt", gru.state_dict(), gru.state_dict(), cell="gru", module="")
rnn = torch.nn.RNN(3, 2)
save("rnn.pt", rnn.state_dict(), rnn.state_dict(), cell="rnn", module="")
projected = torch.nn.LSTM(3, 4, proj_size=2)
save("projected.pt", projected.state_dict(), projected.state_dict(), module="")
cell = torch.nn.LSTMCell(3, 2)
save("protocol-4.pt", cell.state_dict(), cell.state_dict(), module="")
torch.save(cell.state_dict(), "torch/protocol-4.pt", pickle_protocol=4)

# --- storages: shared, transposed, expanded, with an offset; integers beside them -----------------
flat = torch.randn(64)
views = collections.OrderedDict(
    [
        ("lstm.weight_ih_l0", flat[5:29].view(8, 3)),
        ("lstm.weight_hh_l0", flat[20:36].view(2, 8).t()),
        ("lstm.bias_ih_l0", flat[40:41].expand(8)),
        ("lstm.bias_hh_l0", flat[0:16:2]),
        ("steps", torch.tensor(7)),
        ("mask", torch.ones(3, dtype=torch.bool)),
        ("phase", torch.ones(3, dtype=torch.complex128)),
        ("wide", torch.ones(3, dtype=torch.uint16)),
    ])
recurrent = {key: value for key, value in views.items() if key.startswith("lstm.")}
save("views.pt", views, recurrent, unused=["mask", "phase", "steps", "wide"])
save("views-legacy.pt", views, recurrent, legacy=True, unused=["mask", "phase", "steps", "wide"])
tied = Net()
tied.readout = torch.nn.Linear(3, 5, bias=False)
tied.lstm = torch.nn.LSTM(3, 3)
tied.readout.weight = tied.embedding.weight
save("tied.pt", tied.state_dict(), tied.state_dict())

# --- whole modules, checkpoints, prefixes ---------------------------------------------------------
save("module.pt", net, net.state_dict())
save("module-legacy.pt", net, net.state_dict(), legacy=True)
relu = torch.nn.RNN(3, 2, nonlinearity="relu")
save("relu.pt", relu, relu.state_dict(), cell="rnn", module="", relu=True)
told = torch.nn.RNNCell(3, 2, nonlinearity="tanh")
save("tanh-cell.pt", told, told.state_dict(), cell="rnn", module="", relu=False)
parallel = {f"module.{key}": value for key, value in net.state_dict().items()}
save("parallel.pt", parallel, net.state_dict())
compiled = {f"_orig_mod.{key}": value for key, value in net.state_dict().items()}
save("compiled.pt", compiled, net.state_dict())
optimizer = torch.optim.Adam(net.parameters())
net(torch.tensor([[0, 1, 2]])).sum().backward()
optimizer.step()
save(
    "checkpoint.pt",
    {
        "epoch": 3,
        "model_state_dict": net.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
        "stoi": {symbol: number for number, symbol in enumerate(SYMBOLS)},
        "loss": numpy.float64(0.25),
        "seen": {1, 2},
        "path": pathlib.PurePosixPath("runs/1"),
        "device": torch.device("cpu"),
        "dtype": torch.float32,
        "size": torch.Size([2, 3]),
        "curve": numpy.arange(3.0),
        "args": argparse.Namespace(lr=0.1, layers=[1, 2]),
    },
    net.state_dict(), vocabulary=SYMBOLS,
    leftOut=["args", "curve", "device", "dtype", "epoch", "loss", "optimizer_state_dict", "path",
             "seen", "size"])
save(
    "lightning.ckpt",
    {
        "epoch": 1, "global_step": 20, "pytorch-lightning_version": "2.4.0",
        "state_dict": {f"model.{key}": value for key, value in net.state_dict().items()},
        "loops": {"fit_loop": {"state_dict": {}}}, "callbacks": {}, "lr_schedulers": [],
        "optimizer_states": [optimizer.state_dict()],
        "hyper_parameters": {"vocab": SYMBOLS, "hidden": 2},
    },
    {f"model.{key}": value for key, value in net.state_dict().items()},
    module="model.lstm", vocabulary=SYMBOLS,
    leftOut=["callbacks", "epoch", "global_step", "loops", "lr_schedulers",
             "optimizer_states", "pytorch-lightning_version"])
save("wrapped-module.pt", {"model": net, "itos": dict(enumerate(SYMBOLS))}, net.state_dict(),
     vocabulary=SYMBOLS, leftOut=[])

# --- TorchScript ----------------------------------------------------------------------------------
script = torch.jit.script(net)
torch.jit.save(script, "torch/script.pt")
note("script.pt", net.state_dict())
traced = torch.jit.trace(net, torch.tensor([[0, 1]]))
torch.jit.save(traced, "torch/traced.pt")
note("traced.pt", net.state_dict())
torch.jit.save(torch.jit.freeze(torch.jit.script(copy.deepcopy(net).eval())), "torch/frozen.pt")

# The code is PyTorch's own and long, and nothing reads it.
def drop_code(name):
    with zipfile.ZipFile(f"torch/{name}") as old:
        kept = {entry: old.read(entry) for entry in old.namelist() if "/code/" not in entry}
    with zipfile.ZipFile(f"torch/{name}", "w") as new:
        for entry, data in kept.items():
            new.writestr(entry, data)


for script_name in ["script.pt", "traced.pt", "frozen.pt"]:
    drop_code(script_name)


# --- quantize_dynamic: state_dicts, a whole module, TorchScript; 8 bits by tensor and by channel, 16 bits -
def unpacked(module):
    """The state_dict with every packed weight as what it stands for."""
    half = torch.ops.quantized.linear_unpack_fp16
    state = {}

    def product(packed, name, suffix=""):
        try:
            weight, bias = torch.ops.quantized.linear_unpack(packed)
        except RuntimeError:
            weight, bias = half(packed)
        state[f"{name}weight{suffix}"] = weight.dequantize() if weight.is_quantized else weight
        state[f"{name}bias{suffix}"] = bias

    for name, part in module.named_modules():
        name = name + "." if name else ""
        if hasattr(part, "_all_weight_values"):
            for k, value in enumerate(part._all_weight_values):
                both = part.bidirectional
                layer = f"_l{k // 2 if both else k}" + ("_reverse" if both and k % 2 else "")
                for kind, packed in zip(["_ih", "_hh"], value.param.__getstate__()[0][4]):
                    product(packed, name, kind + layer)
        elif hasattr(part, "_packed_weight_ih"):
            product(part._packed_weight_ih, name, "_ih")
            product(part._packed_weight_hh, name, "_hh")
        elif type(part).__name__ == "Linear" and hasattr(part, "_packed_params"):
            product(part._packed_params._packed_params, name)
        elif isinstance(part, (torch.nn.Embedding, torch.nn.Linear)):
            state.update({f"{name}{k}": v for k, v in part.state_dict().items()})
    return state


quantize = torch.ao.quantization.quantize_dynamic
KINDS = {torch.nn.LSTM, torch.nn.GRU, torch.nn.LSTMCell, torch.nn.Linear}
FACTS = ["readout.scale", "readout.zero_point"]
quantised = quantize(Net(), KINDS, dtype=torch.qint8)
save("quantised.pt", quantised.state_dict(), unpacked(quantised), unused=FACTS)
quantised = quantize(Net(cell=torch.nn.GRU, num_layers=2, bidirectional=True), KINDS)
save("quantised-stack.pt", {"state_dict": quantised.state_dict()}, unpacked(quantised), cell="gru",
     unused=FACTS)
# Two sets of weights for as many inputs as outputs: only the module says what they are.
either = torch.nn.Sequential(torch.nn.LSTM(2, 2, bidirectional=True))
quantised = quantize(either, KINDS, dtype=torch.qint8)
save("quantised-module.pt", quantised, unpacked(quantised), module="0")
torch.save(quantised.state_dict(), "torch/quantised-either.pt")
by_channel = torch.ao.quantization.per_channel_dynamic_qconfig
quantised = quantize(Net(), {"lstm": by_channel, "readout": by_channel})
save("quantised-channels.pt", quantised.state_dict(), unpacked(quantised), unused=FACTS)
quantised = quantize(torch.nn.Sequential(torch.nn.LSTMCell(3, 2)), KINDS, dtype=torch.qint8)
save("quantised-cell.pt", quantised.state_dict(), unpacked(quantised), module="0")
quantised = quantize(Net(), {torch.nn.LSTM}, dtype=torch.float16)
save("quantised-half.pt", quantised.state_dict(), unpacked(quantised))
quantised = quantize(Net(num_layers=2), KINDS, dtype=torch.qint8)
torch.jit.save(torch.jit.script(quantised), "torch/quantised-script.pt")
drop_code("quantised-script.pt")
note("quantised-script.pt", unpacked(quantised))
plain = torch.quantize_per_tensor(torch.randn(8, 3), 0.05, 3, torch.quint8)
channels = torch.quantize_per_channel(
    torch.randn(8, 2), torch.tensor([0.1, 0.02]), torch.tensor([1, -2]), 1, torch.qint8)
values = {"weight_ih_l0": plain, "weight_hh_l0": channels}
save("quantised-tensors.pt", values, {k: v.dequantize() for k, v in values.items()}, module="")

# --- containers -----------------------------------------------------------------------------------
def rezip(source, target, method, rename=lambda name: name, leave=(), replace={}, zip64=False):
    with zipfile.ZipFile(f"torch/{source}") as old, \
            zipfile.ZipFile(f"torch/{target}", "w", method) as new:
        for name in old.namelist():
            if name.split("/")[-1] in leave:
                continue
            data = replace.get(name.split("/")[-1], old.read(name))
            info = zipfile.ZipInfo(rename(name))
            info.compress_type = method
            with new.open(info, "w", force_zip64=zip64) as file:
                file.write(data)


rezip("state.pt", "deflated.pt", zipfile.ZIP_DEFLATED)
note("deflated.pt", net_state := torch.load("torch/state.pt"))
rezip("state.pt", "other-root.pt", zipfile.ZIP_STORED, lambda name: "a b/" + name.split("/", 1)[1],
      leave=["byteorder"], zip64=True)
note("other-root.pt", net_state)
torch.serialization.set_default_load_endianness(None)


def big_endian(source, target):
    """Swaps every storage of float32, as a big-endian machine would have written it."""
    with zipfile.ZipFile(f"torch/{source}") as old, zipfile.ZipFile(f"torch/{target}", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if "/data/" in name:
                data = numpy.frombuffer(data, "<f4").astype(">f4").tobytes()
            elif name.endswith("byteorder"):
                data = b"big"
            new.writestr(name, data)


big_endian("state.pt", "big.pt")
assert torch.equal(torch.load("torch/big.pt")["lstm.weight_ih_l0"], net_state["lstm.weight_ih_l0"])
note("big.pt", net_state)
# As if saved from a GPU: only the location in the pickle differs.
whole = open("torch/state-legacy.pt", "rb").read()
cuda = whole.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
assert cuda != whole
open("torch/cuda-legacy.pt", "wb").write(cuda)
note("cuda-legacy.pt", torch.load("torch/cuda-legacy.pt", map_location="cpu"))

# --- NumPy ----------------------------------------------------------------------------------------
arrays = {key: value.numpy() for key, value in net_state.items()}
numpy.savez("torch/arrays.npz", **arrays)
note("arrays.npz", net_state)
numpy.savez_compressed("torch/packed.npz", **{k: v.astype(">f8") for k, v in arrays.items()})
note("packed.npz", net_state)
os.makedirs("torch/folder")
for key, value in arrays.items():
    kinds = {"lstm.weight_ih_l0": numpy.asfortranarray(value.astype(">f4")),
             "lstm.weight_hh_l0": numpy.asfortranarray(value.astype("<f8")),
             "lstm.bias_ih_l0": value.astype("<f2"),
             "lstm.bias_hh_l0": numpy.arange(8, dtype=">i2") - 3}
    arrays[key] = kinds.get(key, value)
    numpy.save(f"torch/folder/{key}.npy", arrays[key])
note("folder", {key: torch.tensor(value.astype(value.dtype.newbyteorder("=")).astype("f4"))
                for key, value in arrays.items()})

# --- safetensors: every float that torch has --------------------------------------------------------
from safetensors.torch import save_file, save_model

FLOATS = ["float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"]
for dtype in FLOATS:
    rounded = {key: value.to(getattr(torch, dtype)) for key, value in net_state.items()}
    save_file(rounded, f"torch/{dtype}.safetensors")
    note(f"{dtype}.safetensors", rounded)
save("float8.pt", rounded, rounded)
# One tensor under two names, of which save_model keeps one.
save_model(tied, "torch/tied.safetensors")
note("tied.safetensors", tied.state_dict())
every = torch.arange(256).to(torch.uint8)
with open("torch/float8.json", "w") as file:
    kinds = ["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"]
    json.dump({kind: bits(every.view(getattr(torch, kind))) for kind in kinds}, file)

numpy.array(NUMBERS, "<f8").tofile("torch/reference.bin")
with open("torch/reference.json", "w") as file:
    json.dump(reference, file, separators=(",", ":"), sort_keys=True)
