"""Makes the PyTorch and NumPy fixtures of ModelFilesTests, with real torch and numpy.

Run in this folder: python3 make_torch_fixtures.py
Needs torch and numpy. Everything is written under torch/; torch/reference.json holds, for each file, the
weights as Float32 bit patterns (rounded from float64 where the file has that) by the names that
Gatescope shows, in PyTorch's order of gates, and what a reading should find beside them. A second run
gives the same numbers, but other dates in archives and other keys of storages in legacy files.
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


def note(name, state, cell="lstm", module="lstm", vocabulary=None, **more):
    """State: the tensors by the names that Gatescope shows."""
    reference[name] = dict(
        cell=cell, module=module, vocabulary=vocabulary,
        tensors={key: bits(value) for key, value in state.items()}, **more)


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
quantised = torch.ao.quantization.quantize_dynamic(net, {torch.nn.LSTM}, dtype=torch.qint8)
torch.save(quantised.state_dict(), "torch/quantised.pt")

# The code is PyTorch's own and long, and nothing reads it.
def drop_code(name):
    with zipfile.ZipFile(f"torch/{name}") as old:
        kept = {entry: old.read(entry) for entry in old.namelist() if "/code/" not in entry}
    with zipfile.ZipFile(f"torch/{name}", "w") as new:
        for entry, data in kept.items():
            new.writestr(entry, data)


for script_name in ["script.pt", "traced.pt", "frozen.pt"]:
    drop_code(script_name)

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

with open("torch/reference.json", "w") as file:
    json.dump(reference, file, separators=(",", ":"), sort_keys=True)
