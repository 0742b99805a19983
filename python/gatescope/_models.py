"""What a live model comes to: a file of its weights, what enters it, and the flags to read it."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ._errors import GatescopeError

Array = npt.NDArray[Any]


@dataclass
class Live:
    """A recurrent layer of a live model, and what enters it."""

    #: The layer itself.
    module: Any
    #: (T, I), float32: what enters.
    x: Array
    #: The state before step 0, as PyTorch takes it: h and c, (layers · directions, H).
    state: dict[str, Array] = field(default_factory=dict)
    #: What its class is called, for sentences.
    label: str = ""


def framework(model: object) -> str | None:
    """``torch`` or ``keras``, whose objects can only be there where they are imported."""
    torch, keras = sys.modules.get("torch"), sys.modules.get("keras")
    if torch is not None and isinstance(model, torch.nn.Module):
        # A Keras layer on torch is both.
        if keras is not None and isinstance(model, keras.layers.Layer):
            return "keras"
        return "torch"
    if keras is not None and isinstance(model, keras.layers.Layer):
        return "keras"
    return None


def refuse(model: object) -> GatescopeError:
    """The sentence for what is no model."""
    return GatescopeError(
        f"a {type(model).__module__}.{type(model).__qualname__} is no recurrent layer: give a "
        "torch.nn.LSTM, GRU, RNN or their cells, a Keras layer, a model that holds one, or a file"
    )


def live(
    model: object, x: object, *, module: str | None, call: int | None, batch: int | None,
    state: object,
) -> Live:
    """What enters the recurrent layer of that model when x enters the model.

    Raises:
        GatescopeError: where there is no such layer, or what enters cannot be traced.
    """
    kind = framework(model)
    if kind == "torch":
        from . import _torch

        return _torch.live(model, x, module=module, call=call, batch=batch, state=state)
    if kind == "keras":
        from . import _keras

        return _keras.live(model, x, module=module, call=call, batch=batch, state=state)
    raise refuse(model)


def write(layer: Any, folder: Path) -> list[str]:
    """Writes the layer's weights to a file in that folder; gives the arguments that read it."""
    if framework(layer) == "torch":
        from . import _torch

        return _torch.write(layer, folder)
    from . import _keras

    return _keras.write(layer, folder)


def chosen(x: Array, batch: int | None, axis: int, lengths: Array | None = None) -> Array:
    """One sequence, (T, I), of several along that axis, as long as it is."""
    count = x.shape[axis]
    if batch is None:
        if count != 1:
            last = count - 1
            raise GatescopeError(
                f"x holds {count} sequences; batch=0 … batch={last} says which, trace_many takes "
                "them all"
            )
        batch = 0
    if not 0 <= batch < count:
        raise GatescopeError(f"batch={batch}: x holds {count} sequences, counted from 0")
    one: Array = np.take(x, batch, axis)
    return one if lengths is None else one[: int(lengths[batch])]


def write_safetensors(path: Path, tensors: Mapping[str, Array], metadata: dict[str, str]) -> None:
    """Writes float32 arrays in the format of https://huggingface.co/docs/safetensors."""
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    offset = 0
    blobs = []
    for name, array in tensors.items():
        data = np.ascontiguousarray(array, dtype="<f4").tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + len(data)]
        }
        offset += len(data)
        blobs.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.writelines(blobs)
