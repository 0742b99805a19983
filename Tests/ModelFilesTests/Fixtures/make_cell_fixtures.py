"""Makes the fixtures of DescribedCellTests: files of cells beyond LSTM, GRU and RNN, as their own packages
write them, with every signal in Float64.

Run in this folder: python3 make_cell_fixtures.py
Needs torch (2.13), numpy, torchrecurrent (0.2), minGRU-pytorch (0.2.1), xlstm (2.0.6), sru (2.6.0) and
ncps (1.0.1). Writes cells/, in it cases.json and reference.bin.

A case names a file, what a person says of it (`cell`, `module`) and either the words that refuse it
(`error`) or what is read: the kind, the width of x, and the tracks, (signals, units) each. Their numbers stand
in reference.bin as Float64 after those of x. The signals follow the equations of the packages; the h that
they give is held here to what the package itself computes in Float64.
"""

import json
import os
import shutil

# SRU's steps are scripted where this is not said.
os.environ["PYTORCH_JIT"] = "0"

import numpy as np
import torch
import torchrecurrent as tr

torch.manual_seed(14)
FOLDER = "cells"
STEPS = 6
CASES, NUMBERS = [], []
STREAM = np.random.default_rng(14)
shutil.rmtree(FOLDER, ignore_errors=True)
os.makedirs(FOLDER)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def get(module, name):
    tensor = dict(module.named_parameters()) | dict(module.named_buffers())
    return tensor[name].detach().double().numpy() if name in tensor else 0.0


def shake(module):
    """Weights and biases that are all in use; numbers that a Float32 has."""
    for parameter in module.parameters():
        if parameter.requires_grad and parameter.dim() > 0:
            parameter.data = (parameter.data + 0.3 * torch.randn_like(parameter)).float()
    return module.eval()


def save(name, value):
    torch.save(value, f"{FOLDER}/{name}")


def case(file, kind, x, tracks, expected=None, **said):
    """Adds a case; `tracks` are arrays (T, signals, H), `expected` the package's own h of the last."""
    if expected is not None:
        difference = np.abs(tracks[-1][:, -1] - expected).max()
        assert difference < 1e-9, (file, difference)
    CASES.append(
        dict(
            file=file, kind=kind, width=x.shape[1], tracks=[list(t.shape[1:]) for t in tracks],
            start=sum(map(len, NUMBERS)), **said))
    NUMBERS.append(np.asarray(x, np.float64).ravel())
    for track in tracks:
        NUMBERS.append(np.asarray(track, np.float64).ravel())
    CASES[-1]["count"] = sum(map(len, NUMBERS)) - CASES[-1]["start"]


def refused(file, error, **said):
    CASES.append(dict(file=file, error=error, **said))


def numbers(width, steps=STEPS):
    return STREAM.normal(size=(steps, width)).astype(np.float32).astype(np.float64)


# MARK: torchrecurrent


def step_lstm1997(cell, x, h, c):
    s = get(cell, "weight_ih") @ x + get(cell, "bias_ih") + get(cell, "weight_hh") @ h + get(cell, "bias_hh")
    i, z, o = np.split(s, 3)
    i, z, o = sigmoid(i), np.tanh(z), sigmoid(o)
    c = c + i * z
    h = o * np.tanh(c)
    return [z, i, o, c, h], h, c


def step_peephole(cell, x, h, c):
    s = get(cell, "weight_ih") @ x + get(cell, "bias_ih") + get(cell, "weight_hh") @ h + get(cell, "bias_hh")
    i, f, z, o = np.split(s, 4)
    pi, pf, po = np.split(get(cell, "weight_ph"), 3)
    i, f, z = sigmoid(i + pi * c), sigmoid(f + pf * c), np.tanh(z)
    c = f * c + i * z
    o = sigmoid(o + po * c)
    h = o * np.tanh(c)
    return [z, f, i, o, c, h], h, c


def step_mgu(cell, x, h, c):
    wf, wn = np.split(get(cell, "weight_ih") @ x + get(cell, "bias_ih") + get(cell, "bias_hh"), 2)
    rf, rn = np.split(get(cell, "weight_hh"), 2)
    f = sigmoid(wf + rf @ h)
    n = np.tanh(wn + rn @ (f * h))
    h = f * n + (1 - f) * h
    return [f, n, h], h, c


def step_ugrnn(cell, x, h, c):
    s = get(cell, "weight_ih") @ x + get(cell, "bias_ih") + get(cell, "weight_hh") @ h + get(cell, "bias_hh")
    n, u = np.split(s, 2)
    n, u = np.tanh(n), sigmoid(u)
    h = u * h + (1 - u) * n
    return [u, n, h], h, c


def step_ligru(cell, x, h, c):
    s = get(cell, "weight_ih") @ x + get(cell, "bias_ih") + get(cell, "weight_hh") @ h + get(cell, "bias_hh")
    u, n = np.split(s, 2)
    u, n = sigmoid(u), np.maximum(n, 0)
    h = u * h + (1 - u) * n
    return [u, n, h], h, c


def step_janet(cell, x, h, c):
    s = get(cell, "weight_ih") @ x + get(cell, "bias_ih") + get(cell, "weight_hh") @ h + get(cell, "bias_hh")
    f, z = np.split(s, 2)
    i = 1 - sigmoid(f - get(cell, "beta"))
    f, z = sigmoid(f), np.tanh(z)
    c = f * c + i * z
    return [z, f, i, c, c], c, c


def step_indrnn(cell, x, h, c):
    h = np.tanh(get(cell, "weight_ih") @ x + get(cell, "bias_ih") + get(cell, "vector_u") * h + get(cell, "bias_hh"))
    return [h], h, c


def run(step, cells, x):
    tracks = []
    for cell in cells:
        h = c = None
        rows = []
        for value in x:
            if h is None:
                hidden = cell.hidden_size
                h, c = np.zeros(hidden), np.zeros(hidden)
            signals, h, c = step(cell, value, h, c)
            rows.append(signals)
        tracks.append(np.array(rows))
        x = tracks[-1][:, -1]
    return tracks


def torch_recurrent():
    # (class, the kind, whether its state_dict tells it)
    table = [
        (tr.OriginalLSTM, "lstm1997", step_lstm1997, False),
        (tr.PeepholeLSTM, "lstm", step_peephole, True),
        (tr.MGU, "mgu", step_mgu, False),
        (tr.UGRNN, "ugrnn", step_ugrnn, False),
        (tr.LiGRU, "ligru", step_ligru, False),
        (tr.JANET, "janet", step_janet, False),
        (tr.IndRNN, "indrnn", step_indrnn, True),
    ]
    for make, kind, step, isTold in table:
        name = make.__name__.lower()
        module = shake(make(3, 4, num_layers=2))
        x = numbers(3)
        tracks = run(step, module.cells, x)
        doubled = make(3, 4, num_layers=2).double()
        doubled.load_state_dict({k: v.double() for k, v in module.state_dict().items()})
        with torch.no_grad():
            y = doubled.eval()(torch.tensor(x)[:, None])[0][:, 0].numpy()
        save(f"{name}.pt", module.state_dict())
        said = {} if isTold else dict(cell=kind)
        case(f"{name}.pt", kind, x, tracks, y, **said)
        save(f"{name}-whole.pt", module)
        case(f"{name}-whole.pt", kind, x, tracks, y)
    refused(
        "mgu.pt", "module 'cells.0' does not have the tensors of an sLSTM, which --cell slstm asks for",
        cell="slstm", module="cells.0")


# MARK: minGRU-pytorch


def g(x):
    return np.where(x >= 0, x + 0.5, sigmoid(x))


def minimal():
    from minGRU_pytorch import minGRU
    from minGRU_pytorch.minLSTM import minLSTM

    for make, kind in [(minGRU, "mingru"), (minLSTM, "minlstm")]:
        module = shake(make(5))
        x = numbers(5)
        h, rows = np.zeros(5), []
        for value in x:
            if kind == "mingru":
                n, u = np.split(get(module, "to_hidden_and_gate.weight") @ value, 2)
                n, u = g(n), sigmoid(u)
                h = (1 - u) * h + u * n
                rows.append([u, n, h])
            else:
                n, f, i = np.split(get(module, "to_hidden_and_f_i_gate.weight") @ value, 3)
                n, f, i = g(n), sigmoid(f), sigmoid(i)
                f, i = f / (f + i), i / (f + i)
                h = f * h + i * n
                rows.append([f, i, n, h])
        doubled = make(5).double()
        doubled.load_state_dict({k: v.double() for k, v in module.state_dict().items()})
        with torch.no_grad():
            # In parallel, in logarithms.
            y = doubled(torch.tensor(x)[None])[0].numpy()
        save(f"{kind}.pt", module.state_dict())
        case(f"{kind}.pt", kind, x, [np.array(rows)], y)
        save(f"{kind}-whole.pt", module)
        case(f"{kind}-whole.pt", kind, x, [np.array(rows)], y)
    save("mingru-out.pt", minGRU(4, expansion_factor=1.5).state_dict())
    refused(
        "mingru-out.pt",
        "tensor 'to_out.weight' stands beside the recurrent weights and would not be used, so this is "
        "no plain minGRU; --ignore to_out.weight opens it all the same")


# MARK: xlstm


def xlstm():
    from xlstm.blocks.slstm.cell import sLSTMCell, sLSTMCellConfig
    from xlstm.blocks.slstm.layer import sLSTMLayer, sLSTMLayerConfig

    def heads(weight):
        count, size, _ = weight.shape
        whole = np.zeros((count * size, count * size))
        for head in range(count):
            part = slice(head * size, (head + 1) * size)
            whole[part, part] = weight[head]
        return whole

    def cell_steps(cell, sums):
        kernel = get(cell, "_recurrent_kernel_")
        count, rows, size = kernel.shape
        gates = kernel.reshape(count, 4, size, size)
        matrix = np.concatenate([heads(gates[:, gate]) for gate in range(4)])
        bias = get(cell, "_bias_")
        units = count * size
        h, c, n, m = (np.zeros(units) for _ in range(4))
        rows = []
        for value in sums:
            i, f, z, o = np.split(value + matrix @ h + bias, 4)
            kept = m - np.logaddexp(0, -f)
            m = i if (n == 0).all() else np.maximum(i, kept)
            i, f = np.minimum(1, np.exp(i - m)), np.minimum(1, np.exp(kept - m))
            z, o = np.tanh(z), sigmoid(o)
            c, n = f * c + i * z, f * n + i
            h = o * c / n
            rows.append([z, f, i, o, c, n, m, h])
        return np.array(rows)

    config = sLSTMCellConfig(
        hidden_size=6, num_heads=2, backend="vanilla", dtype="float32", dtype_b="float32",
        dtype_r="float32", dtype_w="float32", dtype_g="float32", dtype_s="float32", dtype_a="float32",
        enable_automatic_mixed_precision=False)
    cell = shake(sLSTMCell(config))
    x = numbers(24)
    with torch.no_grad():
        y = cell(torch.tensor(x, dtype=torch.float32)[None])[0].numpy()
    y = y.transpose(0, 2, 1, 3).reshape(1, STEPS, -1)[0] if y.ndim == 4 else y[0]
    rows = cell_steps(cell, x)
    assert np.abs(rows[:, -1] - y).max() < 1e-5, np.abs(rows[:, -1] - y).max()
    save("slstm-cell.pt", cell.state_dict())
    case("slstm-cell.pt", "slstm", x, [rows])
    for kernel, kind in [(4, "slstm-conv"), (0, "slstm")]:
        layer = shake(
            sLSTMLayer(
                sLSTMLayerConfig(
                    embedding_dim=6, num_heads=2, conv1d_kernel_size=kernel, backend="vanilla",
                    dtype="float32", enable_automatic_mixed_precision=False)))
        x = numbers(6)
        a, memory = x, []
        if kernel:
            weight, bias = get(layer, "conv1d.conv.weight")[:, 0], get(layer, "conv1d.conv.bias")
            padded = np.concatenate([np.zeros((3, 6)), x])
            a = np.array([(padded[t : t + 4].T * weight).sum(1) + bias for t in range(STEPS)])
            a = a * sigmoid(a)
            memory = [padded[3 - back : 3 - back + STEPS] for back in range(3)]
        # fgate makes the input gate's sums, and igate the forget gate's.
        sums = np.concatenate(
            [
                a @ heads(get(layer, "fgate.weight")).T, a @ heads(get(layer, "igate.weight")).T,
                x @ heads(get(layer, "zgate.weight")).T, x @ heads(get(layer, "ogate.weight")).T,
            ], axis=1)
        rows = cell_steps(layer.slstm_cell, sums)
        with torch.no_grad():
            out = layer(torch.tensor(x, dtype=torch.float32)[None])[0].numpy()
        # The layer ends with a norm over the units of a head.
        h = rows[:, -1].reshape(STEPS, 2, 3)
        normed = (h - h.mean(2, keepdims=True)) / np.sqrt(h.var(2, keepdims=True) + 1e-5)
        normed = normed.reshape(STEPS, 6) * (1 + get(layer, "group_norm.weight"))
        assert np.abs(normed - out).max() < 1e-4, np.abs(normed - out).max()
        if kernel:
            rows = np.concatenate([rows[:, :4], np.array(memory).transpose(1, 0, 2), rows[:, 4:]], axis=1)
        save(f"{kind}.pt", layer.state_dict())
        case(f"{kind}.pt", kind, x, [rows], notes=["'group_norm.weight' is applied to h after the cell, and h is shown as the cell has it"])


# MARK: ncps


def cfc():
    from ncps.torch import CfC

    def lecun(x):
        return 1.7159 * np.tanh(0.666 * x)

    def run(cell, x, spans, layers):
        units = cell.hidden_size
        h, rows = np.zeros(units), []
        for value, span in zip(x, spans):
            s = np.concatenate([value, h])
            for layer in range(layers):
                s = lecun(get(cell, f"backbone.{2 * layer}.weight") @ s + get(cell, f"backbone.{2 * layer}.bias"))
            lin = lambda name: get(cell, name + ".weight") @ s + get(cell, name + ".bias")
            ff1, ff2 = np.tanh(lin("ff1")), np.tanh(lin("ff2"))
            t = sigmoid(lin("time_a") * span + lin("time_b"))
            h = ff1 * (1 - t) + t * ff2
            rows.append([ff1, ff2, t, h])
        return np.array(rows)

    for layers in (0, 1, 2):
        module = shake(CfC(3, 4, backbone_units=5, backbone_layers=layers))
        x = numbers(3)
        spans = STREAM.uniform(0.1, 3, size=STEPS).astype(np.float32).astype(np.float64)
        doubled = CfC(3, 4, backbone_units=5, backbone_layers=layers).double()
        doubled.load_state_dict({k: v.double() for k, v in module.state_dict().items()})
        doubled.eval()

        def own(ts):
            with torch.no_grad():
                h, ys = torch.zeros(1, 4, dtype=torch.float64), []
                for value, span in zip(torch.tensor(x), ts):
                    _, h = doubled.rnn_cell(value[None], h, span)
                    ys.append(h[0].numpy())
            return np.array(ys)

        name = f"cfc-{layers}.pt"
        save(name, module.state_dict())
        case(name, "cfc", x, [run(module.rnn_cell, x, np.ones(STEPS), layers)], own(np.ones(STEPS)))
        timed = np.concatenate([x, spans[:, None]], axis=1)
        case(name, "cfc-dt", timed, [run(module.rnn_cell, x, spans, layers)], own(spans), cell="cfc-dt")
    module = CfC(3, 4, backbone_units=5, mode="pure")
    save("cfc-pure.pt", module.state_dict())
    refused("cfc-pure.pt", "no recurrent layer")


# MARK: sru


def sru():
    # The package compiles kernels when it is imported; its steps in Python need none of them.
    import torch.utils.cpp_extension

    torch.utils.cpp_extension.load = lambda *_, **__: None
    from sru import SRU

    for width in (4, 3):
        module = shake(SRU(width, 4, num_layers=2))
        x = numbers(width)
        entering, tracks = x, []
        for cell in module.rnn_lst:
            blocks = cell.num_matrices
            weight = get(cell, "weight").reshape(cell.input_size, 4, blocks)
            vf, vr = np.split(get(cell, "weight_c"), 2)
            bf, br = np.split(get(cell, "bias"), 2)
            c, rows = np.zeros(4), []
            for value in entering:
                u = np.einsum("i,ihk->kh", value, weight)
                f, r = sigmoid(u[1] + bf + c * vf), sigmoid(u[2] + br + c * vr)
                c = f * c + (1 - f) * u[0]
                past = u[3] if blocks == 4 else value * get(cell, "scale_x")[0]
                h = r * c + (1 - r) * past
                rows.append([u[0], f, r, c, h])
            tracks.append(np.array(rows))
            entering = tracks[-1][:, -1]
        doubled = SRU(width, 4, num_layers=2).double()
        doubled.load_state_dict({k: v.double() for k, v in module.state_dict().items()})
        y = doubled.eval()(torch.tensor(x)[:, None])[0][:, 0].detach().numpy()
        save(f"sru-{width}.pt", module.state_dict())
        case(f"sru-{width}.pt", "sru", x, tracks, y)


for make in (torch_recurrent, minimal, xlstm, cfc, sru):
    make()
json.dump(CASES, open(f"{FOLDER}/cases.json", "w"), indent=1)
np.concatenate(NUMBERS).astype("<f8").tofile(f"{FOLDER}/reference.bin")
print(len(CASES), "cases")
