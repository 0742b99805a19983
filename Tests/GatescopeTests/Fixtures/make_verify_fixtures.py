"""Models and references for the tests of `trace --verify`, made by the snippets of docs/verify.md.

    python3 make_verify_fixtures.py

needs torch, onnx, onnxruntime and numpy, and Keras for its snippet (left out where there is none).
"""

import pathlib
import re
import shutil
import tempfile
import os

import numpy as np
import onnx
import onnxruntime
import torch

here = pathlib.Path(__file__).resolve().parent
document = (here.parents[2] / "docs" / "verify.md").read_text()
snippets = dict(re.findall(r"```python (\w+)\n(.*?)```", document, re.DOTALL))
assert all(len(code.splitlines()) == 6 for code in snippets.values())


def run(name, **names):
    """Runs a snippet as it stands, and keeps its ref.npz."""
    exec(snippets[name], {"np": np, "torch": torch, "onnx": onnx, "onnxruntime": onnxruntime, **names})
    shutil.move("ref.npz", here / f"{name}.npz")


class Tagger(torch.nn.Module):
    """A recurrent module behind a layer that Gatescope does not run."""

    def __init__(self):
        super().__init__()
        self.convolution = torch.nn.Conv1d(2, 3, 3, padding=1)
        self.lstm = torch.nn.LSTM(3, 4, bidirectional=True)

    def forward(self, signal):  # (B, 2, T)
        return self.lstm(self.convolution(signal).permute(2, 0, 1))[0]


with tempfile.TemporaryDirectory() as folder, torch.no_grad():
    os.chdir(folder)
    torch.manual_seed(1997)
    lstm = torch.nn.LSTM(3, 4, num_layers=2)
    torch.save(lstm.state_dict(), here / "pytorch.pt")
    run("pytorch", lstm=lstm, x=torch.randn(9, 3))

    tagger = Tagger()
    torch.save(tagger.state_dict(), here / "hook.pt")
    run("hook", model=tagger, lstm=tagger.lstm, batch=torch.randn(1, 2, 9))

    def tensor(name, *shape):
        return onnx.numpy_helper.from_array(np.random.default_rng(len(name)).normal(size=shape).astype("f"), name)

    graph = onnx.helper.make_graph(
        [
            onnx.helper.make_node("MatMul", ["signal", "mix"], ["mixed"]),
            onnx.helper.make_node("LSTM", ["mixed", "W", "R", "B"], ["Y", "Y_h"], "lstm", hidden_size=4),
        ],
        "model",
        [onnx.helper.make_tensor_value_info("signal", onnx.TensorProto.FLOAT, [9, 1, 2])],
        [onnx.helper.make_tensor_value_info("Y_h", onnx.TensorProto.FLOAT, [1, 1, 4])],
        [tensor("mix", 2, 3), tensor("W", 1, 16, 3), tensor("R", 1, 16, 4), tensor("B", 1, 32)],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, "model.onnx")
    shutil.copy("model.onnx", here / "onnxruntime.onnx")
    run("onnxruntime", feeds={"signal": np.random.default_rng(0).normal(size=(9, 1, 2)).astype("f")})

    try:
        import keras
    except ImportError:
        print("no Keras here; its snippet was not run")
    else:
        keras.utils.set_random_seed(1997)
        layer = keras.layers.LSTM(4)
        x = np.random.default_rng(1).normal(size=(9, 3)).astype("f")
        last = layer(x[None])
        run("keras", layer=layer, x=x)
        reference = np.load(here / "keras.npz")
        assert np.abs(reference["h"][-1] - np.array(last)[0]).max() < 1e-6
        # The kernels in PyTorch's layout: gates i f c o both ways, one bias.
        kernel, recurrent, bias = (torch.from_numpy(np.array(w)) for w in layer.get_weights())
        torch.save(
            {"weight_ih_l0": kernel.T.contiguous(), "weight_hh_l0": recurrent.T.contiguous(),
             "bias_ih_l0": bias, "bias_hh_l0": torch.zeros_like(bias)}, here / "keras.pt")
