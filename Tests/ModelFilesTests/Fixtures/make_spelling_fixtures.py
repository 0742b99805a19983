"""Makes the fixtures of SpellingTests: cells as Flax, Haiku, MLX and TensorFlow 1 write them, models in
several files, and models in archives.

Run in this folder: python3 make_spelling_fixtures.py
Needs numpy, safetensors, jax 0.10, flax 0.12, dm-haiku 0.0.17 and mlx 0.32 (CPU). Writes spellings/.

The references are what the packages themselves compute: h of every step, in float64 where the package
can (MLX: float32). TensorFlow's are the equations of tf.compat.v1.nn.rnn_cell's documentation and of
GRUBlockCell's, in float64.
"""

import io
import json
import os
import shutil
import tarfile
import zipfile

import jax

jax.config.update("jax_enable_x64", True)
import flax.linen as nn  # noqa: E402
import haiku as hk  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import mlx.core as mx  # noqa: E402
import mlx.nn as mnn  # noqa: E402
import numpy as np  # noqa: E402
from flax.traverse_util import flatten_dict  # noqa: E402
from safetensors.numpy import save_file  # noqa: E402

T, I, H = 7, 3, 4
STREAM = np.random.default_rng(14)
X = STREAM.normal(size=(T, I)).astype(np.float32)
CASES = []


def random(tree):
    """Every bias and weight random and exactly a float32, so that none can be mistaken for another."""
    return jax.tree.map(lambda a: jnp.asarray(STREAM.normal(size=a.shape).astype(np.float32) * 0.7, jnp.float64), tree)


def note(file, framework, h, guesses=(), **more):
    CASES.append(
        dict(file=file, framework=framework, h=np.asarray(h, np.float64).ravel().tolist(), guesses=list(guesses), **more)
    )


def save(name, tensors):
    tensors = {k: np.ascontiguousarray(np.asarray(v, np.float32)) for k, v in tensors.items()}
    if name.endswith(".npz"):
        np.savez("spellings/" + name, **tensors)
    else:
        save_file(tensors, "spellings/" + name)


def flax(name, cell, separator):
    carry = cell.initialize_carry(jax.random.PRNGKey(0), (I,))
    carry = jax.tree.map(lambda a: a.astype(jnp.float64) * 0, carry)
    params = random(cell.init(jax.random.PRNGKey(1), carry, jnp.zeros(I)))
    h = []
    for x in X:
        carry, y = cell.apply(params, carry, jnp.asarray(x, jnp.float64))
        h.append(y)
    flat = flatten_dict(params, sep=separator)
    save(name, {k.replace("params", "params" + separator + "rnn", 1): v for k, v in flat.items()})
    note(name, "Flax", h)


def flax_heads():
    """A tagger: a table, a cell and a linear layer."""
    cell = nn.LSTMCell(H, dtype=jnp.float64)
    carry = jax.tree.map(lambda a: a.astype(jnp.float64) * 0, cell.initialize_carry(jax.random.PRNGKey(0), (I,)))
    params = flatten_dict(random(cell.init(jax.random.PRNGKey(1), carry, jnp.zeros(I)))["params"], sep="/")
    table, kernel, bias = (STREAM.normal(size=s).astype(np.float32) for s in ((5, I), (H, 2), (2,)))
    tensors = {"params/cell/" + k: v for k, v in params.items()}
    tensors |= {"params/Embed_0/embedding": table, "params/Dense_0/kernel": kernel, "params/Dense_0/bias": bias}
    save("flax-heads.npz", tensors)
    tokens = [4, 0, 2, 2, 1, 3, 0]
    h = []
    nested = {"params": {}}
    for k, v in params.items():
        layer, leaf = k.split("/")
        nested["params"].setdefault(layer, {})[leaf] = v
    for token in tokens:
        carry, y = cell.apply(nested, carry, jnp.asarray(table[token], jnp.float64))
        h.append(y)
    out = np.asarray(h[-1]) @ kernel.astype(np.float64) + bias
    note("flax-heads.npz", "Flax", h, guesses=[""], tokens=tokens, sums=out.tolist())


def haiku(name, make):
    def run(xs):
        core = make()
        state = jax.tree.map(lambda a: a.astype(jnp.float64), core.initial_state(None))
        out = []
        for x in xs:
            y, state = core(x, state)
            out.append(y)
        return jnp.stack(out)

    model = hk.transform(run)
    xs = jnp.asarray(X, jnp.float64)
    params = random(model.init(jax.random.PRNGKey(0), xs))
    h = model.apply(params, None, xs)
    save(name, {f"{module}/{leaf}": v for module, leaves in params.items() for leaf, v in leaves.items()})
    note(name, "Haiku", h)


def mlx(name, cell):
    weights = {k: mx.array(STREAM.normal(size=v.shape).astype(np.float32) * 0.7) for k, v in cell.parameters().items()}
    cell.load_weights(list(weights.items()))
    out = cell(mx.array(X)[None])
    h = out[0] if isinstance(out, tuple) else out
    save(name, {"rnn." + k: np.array(v) for k, v in weights.items()})
    note(name, "MLX", np.array(h)[0])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def rand(*shape):
    return (STREAM.normal(size=shape) * 0.7).astype(np.float32)


def tensorflow_lstm(name, path, peepholes=False, projection=None):
    P = projection or H
    kernel, bias = rand(I + P, 4 * H), rand(4 * H)
    tensors = {path + "/kernel:0": kernel, path + "/bias:0": bias}
    wf, wi, wo = (rand(H) if peepholes else np.zeros(H, np.float32) for _ in range(3))
    if peepholes:
        tensors |= {path + "/w_f_diag:0": wf, path + "/w_i_diag:0": wi, path + "/w_o_diag:0": wo}
    if projection:
        tensors[path + "/projection/kernel:0"] = V = rand(H, P)
    h, c, out = np.zeros(P), np.zeros(H), []
    for x in X.astype(np.float64):
        i, j, f, o = np.split(np.concatenate([x, h]) @ kernel.astype(np.float64) + bias, 4)
        c = sigmoid(f + 1 + wf * c) * c + sigmoid(i + wi * c) * np.tanh(j)
        h = sigmoid(o + wo * c) * np.tanh(c)
        if projection:
            h = h @ V.astype(np.float64)
        out.append(h)
    save(name, tensors)
    note(name, "TensorFlow 1", out, guesses=["forget bias?"])


def tensorflow_gru(name, path, block):
    gates, gate_bias, candidate, bias = rand(I + H, 2 * H), rand(2 * H), rand(I + H, H), rand(H)
    names = ("w_ru", "b_ru", "w_c", "b_c") if block else ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")
    save(name, {f"{path}/{n}": v for n, v in zip(names, (gates, gate_bias, candidate, bias))})
    h, out = np.zeros(H), []
    for x in X.astype(np.float64):
        r, u = np.split(sigmoid(np.concatenate([x, h]) @ gates.astype(np.float64) + gate_bias), 2)
        c = np.tanh(np.concatenate([x, r * h]) @ candidate.astype(np.float64) + bias)
        h = u * h + (1 - u) * c
        out.append(h)
    note(name, "TensorFlow 1", out)


def containers():
    """One model by PyTorch's names, in two files and in archives."""
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    W, R, b, br = rand(4 * H, I), rand(4 * H, H), rand(4 * H), rand(4 * H)
    h, c, out = np.zeros(H), np.zeros(H), []
    for x in X.astype(np.float64):
        i, f, z, o = np.split(W @ x + R @ h + b + br, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(z)
        h = sigmoid(o) * np.tanh(c)
        out.append(h)
    tensors = dict(zip(["lstm." + n for n in names], (W, R, b, br)))
    os.makedirs("spellings/shards")
    files = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    split = dict(zip(tensors, [files[0], files[0], files[1], files[1]]))
    for file in files:
        save("shards/" + file, {k: v for k, v in tensors.items() if split[k] == file})
    index = {"metadata": {"total_size": sum(v.nbytes for v in tensors.values())}, "weight_map": split}
    with open("spellings/shards/model.safetensors.index.json", "w") as f:
        json.dump(index, f, indent=2)
    for name in ("shards", "shards/model.safetensors.index.json"):
        note(name, None, out)
    save("whole.safetensors", tensors)
    data = open("spellings/whole.safetensors", "rb").read()
    os.remove("spellings/whole.safetensors")
    stamp = (2020, 1, 1, 0, 0, 0)

    def archive(name, entries):
        with zipfile.ZipFile("spellings/" + name, "w", zipfile.ZIP_DEFLATED) as z:
            for entry, content in entries:
                z.writestr(zipfile.ZipInfo(entry, stamp), content)

    archive("wrapped.zip", [("readme.txt", b"a model"), ("best/model.safetensors", data)])
    note("wrapped.zip", None, out)
    archive(
        "agent.zip",
        [("data", b"{}"), ("policy.safetensors", data), ("pytorch_variables.pth", b"x"), ("policy.optimizer.pth", b"x"),
         ("_stable_baselines3_version", b"2.3.2")],
    )
    note("agent.zip", None, out)
    archive("two.zip", [("a.safetensors", data), ("b.safetensors", data)])
    with tarfile.open("spellings/wrapped.tar", "w", format=tarfile.USTAR_FORMAT) as t:
        for entry, content in (("notes.txt", b"a model"), ("model/weights.safetensors", data)):
            info = tarfile.TarInfo(entry)
            info.size = len(content)
            t.addfile(info, io.BytesIO(content))
    note("wrapped.tar", None, out)


def main():
    shutil.rmtree("spellings", ignore_errors=True)
    os.makedirs("spellings")
    flax("flax-lstm.npz", nn.LSTMCell(H, dtype=jnp.float64), "/")
    flax("flax-optimized.safetensors", nn.OptimizedLSTMCell(H, dtype=jnp.float64), ".")
    flax("flax-gru.npz", nn.GRUCell(H, dtype=jnp.float64), "/")
    flax_heads()
    haiku("haiku-lstm.npz", lambda: hk.LSTM(H))
    haiku("haiku-gru.npz", lambda: hk.GRU(H))
    mlx("mlx-lstm.safetensors", mnn.LSTM(I, H))
    mlx("mlx-gru.safetensors", mnn.GRU(I, H))
    mlx("mlx-rnn.npz", mnn.RNN(I, H))
    tensorflow_lstm("tf-basic.npz", "rnn/basic_lstm_cell")
    tensorflow_lstm("tf-peepholes.npz", "rnn/lstm_cell", peepholes=True)
    tensorflow_lstm("tf-projected.npz", "rnn/multi_rnn_cell/cell_0/lstm_cell", projection=2)
    tensorflow_gru("tf-gru.npz", "rnn/gru_cell", block=False)
    tensorflow_gru("tf-block-gru.npz", "rnn/gru_cell", block=True)
    containers()
    with open("spellings/cases.json", "w") as f:
        json.dump({"x": X.ravel().tolist(), "width": I, "cases": CASES}, f)


main()
