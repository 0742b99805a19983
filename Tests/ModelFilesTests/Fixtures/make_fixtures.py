"""Makes the fixtures of ModelFilesTests with PyTorch and the reference safetensors package.

Run in this folder: python3 make_fixtures.py
Needs torch, safetensors and numpy. Each NAME.safetensors is what a PyTorch user saves; NAME.json
holds the same weights as Float32 bit patterns, the gates already in Gatescope's order. A second run gives
the same files, but for the order of the metadata, which safetensors leaves to chance.
"""

import json

import numpy
import torch
from safetensors.torch import save_file

# Gatescope's order, as places in PyTorch's: LSTM i f g o -> z f i o, GRU r z n -> r u n.
ORDERS = {4: [2, 1, 0, 3], 3: [0, 1, 2], 1: [0]}


def bits(tensor, gates=1):
    values = tensor.detach().to(torch.float32).numpy()
    blocks = numpy.split(values, gates)
    ordered = numpy.concatenate([blocks[place] for place in ORDERS[gates]])
    return ordered.reshape(-1).view(numpy.uint32).tolist()


def save(name, state, gates, metadata=None):
    state = {key: value.contiguous() for key, value in state.items()}
    save_file(state, f"{name}.safetensors", metadata)
    recurrent = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    reference = {
        key: bits(value, gates if key.split(".")[-1].startswith(recurrent) else 1)
        for key, value in state.items()
    }
    with open(f"{name}.json", "w") as file:
        json.dump(reference, file, separators=(",", ":"))


class Tagger(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(5, 3)
        self.lstm = torch.nn.LSTM(3, 2, num_layers=2, bidirectional=True)
        self.linear = torch.nn.Linear(4, 5)


torch.manual_seed(7)
save(
    "tagger",
    Tagger().state_dict(),
    4,
    {"gatescope.vocabulary": json.dumps(list("BTé") + ["\n", "詩"]), "gatescope.task": "tagging"},
)
save("gru", torch.nn.GRU(3, 2).state_dict(), 3)
save("rnn", torch.nn.RNN(3, 2, bias=False).state_dict(), 1)
for dtype in ["float64", "float16", "bfloat16"]:
    cell = torch.nn.LSTMCell(3, 2).to(getattr(torch, dtype))
    save(f"cell-{dtype}", {f"decoder.cell.{k}": v for k, v in cell.state_dict().items()}, 4)
