"""Models and texts for the benchmarks, of random numbers: what they say does not matter, only how much it is."""
import json
import pathlib
import struct

SYMBOLS = 65


def write_model(folder, units, embedding=None):
    """A character model as safetensors with its vocabulary: an LSTM and a readout; the arguments that open it."""
    import numpy as np
    rng = np.random.default_rng(0)
    width = embedding or SYMBOLS
    shapes = {"lstm.weight_ih_l0": (4 * units, width), "lstm.weight_hh_l0": (4 * units, units),
              "lstm.bias_ih_l0": (4 * units,), "lstm.bias_hh_l0": (4 * units,),
              "readout.weight": (SYMBOLS, units), "readout.bias": (SYMBOLS,)}
    if embedding:
        shapes["embedding.weight"] = (SYMBOLS, embedding)
    header, offset = {}, 0
    for name, shape in shapes.items():
        size = 4 * int(np.prod(shape))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    folder = pathlib.Path(folder)
    model, vocabulary = folder / f"lstm{units}.safetensors", folder / "vocabulary.json"
    text = json.dumps(header).encode()
    with model.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for shape in shapes.values():
            file.write(rng.uniform(-units ** -0.5, units ** -0.5, shape).astype("<f4").tobytes())
    vocabulary.write_text(json.dumps(letters()))
    return [str(model), "--vocab", str(vocabulary)]


def letters():
    return [chr(c) for c in range(ord(" "), ord(" ") + SYMBOLS)]


def write_text(path, length):
    """A text of the vocabulary's letters; the arguments that give it."""
    import numpy as np
    codes = np.random.default_rng(1).integers(ord(" "), ord(" ") + SYMBOLS, length)
    pathlib.Path(path).write_bytes(codes.astype("u1").tobytes())
    return ["--text-file", str(path)]
