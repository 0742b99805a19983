"""Keras's recurrent layers: what enters them, their weights, and their own arithmetic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from ._errors import GatescopeError
from ._models import Live, chosen, refuse

Array = npt.NDArray[Any]

_CLASSES = (keras.layers.LSTM, keras.layers.GRU, keras.layers.SimpleRNN)


def _is_recurrent(layer: object) -> bool:
    if isinstance(layer, keras.layers.Bidirectional):
        return isinstance(layer.forward_layer, _CLASSES)
    return isinstance(layer, _CLASSES)


def _label(layer: Any) -> str:
    one = getattr(layer, "forward_layer", layer)
    inner = f"{type(one).__name__}({one.units})"
    return f"Bidirectional({inner})" if one is not layer else f"keras.layers.{inner}"


def _inside(model: Any) -> list[Any]:
    """The recurrent layers of a model, also of models in it."""
    found = []
    for layer in getattr(model, "layers", []):
        found += [layer] if _is_recurrent(layer) else _inside(layer)
    return found


def find(model: Any, name: str | None) -> Any:
    if _is_recurrent(model) and name is None:
        return model
    found = _inside(model)
    if not found:
        raise refuse(model)
    fits = [layer for layer in found if layer.name == name]
    fits = fits or [layer for layer in found if name is None or name in layer.name]
    if len(fits) != 1:
        asked = "module=" if name is None else f"module={name!r}:"
        which = "says which of" if name is None else "is one of" if fits else "is none of"
        names = ", ".join(layer.name for layer in fits or found)
        raise GatescopeError(f"{asked} {which} {names}")
    return fits[0]


def _check(layer: Any) -> None:
    for one in (layer.forward_layer, layer.backward_layer) if hasattr(
        layer, "forward_layer"
    ) else (layer,):
        base = next(kind for kind in _CLASSES if isinstance(one, kind))
        if type(one).call is not base.call:
            raise GatescopeError(f"{type(one).__name__} has a call of its own, so it is not what "
                                 f"keras.layers.{base.__name__} computes")
        kind = one.compute_dtype
        if kind in ("float16", "bfloat16"):
            raise GatescopeError(
                f"{_label(layer)} computes in {kind}, half precision; gatescope computes in "
                "float32: make the layer with dtype='float32'"
            )
    if not layer.built:
        raise GatescopeError(
            f"{_label(layer)} has no weights yet: call it once, or layer.build((None, None, I))"
        )


def _features(layer: Any) -> int:
    one = getattr(layer, "forward_layer", layer)
    return int(one.cell.kernel.shape[0])


def _numbers(value: Any, what: str) -> Array:
    """An array of what a framework's tensor holds; one on a GPU is not fetched silently."""
    device = getattr(getattr(value, "device", None), "type", "cpu")
    if device != "cpu":
        raise GatescopeError(
            f"{what} is on {value.device}; gatescope computes on the processor: give it from there"
        )
    if "float16" in str(getattr(value, "dtype", "")):
        raise GatescopeError(f"{what} is {value.dtype}, half precision; give float32")
    if hasattr(value, "detach"):
        value = value.detach()
    try:
        return np.asarray(value, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise GatescopeError(f"{what} is no array of numbers: {error}") from None


def _entering(model: Any, layer: Any, x: Any, call: int | None) -> Array:
    """What enters the layer while the model runs as it always does."""
    # A Sequential holds the graph that it makes of its layers.
    graph = getattr(model, "_functional", None) or model
    nodes = [node for node in layer._inbound_nodes if _reaches(graph, node)]
    count = len(nodes)
    if count == 0:
        raise GatescopeError(
            f"{layer.name} is in no graph of {model.name}: models that are classes of one's own "
            "say nothing of what enters a layer; give the layer and its own x"
        )
    if call is None and count > 1:
        raise GatescopeError(f"{layer.name} is called {count} times as x goes through the model; "
                             f"call=0 … call={count - 1} says which")
    if not 0 <= (call or 0) < count:
        raise GatescopeError(f"call={call}: {layer.name} is called {count} times, from 0")
    tensor = nodes[call or 0].input_tensors[0]
    part = keras.Model(graph.inputs, tensor)
    given = part(x, training=False)
    mask = getattr(given, "_keras_mask", None)
    if mask is not None and not np.asarray(keras.ops.convert_to_numpy(mask)).all():
        raise GatescopeError(f"{layer.name} passes over masked steps, which gatescope does not: "
                             "give the sequence without its padding")
    return _numbers(keras.ops.convert_to_numpy(given), "what enters")


def _reaches(graph: Any, node: Any) -> bool:
    """Whether that call of a layer is one of this model's graph."""
    return any(node in nodes for nodes in getattr(graph, "_nodes_by_depth", {}).values())


def live(
    model: Any, x: Any, *, module: str | None, call: int | None, batch: int | None, state: object,
) -> Live:
    """What enters the recurrent layer, as `_models.live` says."""
    layer = find(model, module)
    _check(layer)
    if layer is model:
        array = _numbers(x, "x")
    else:
        if state is not None:
            raise GatescopeError("state= is of a recurrent layer itself; a model makes its own")
        array = _entering(model, layer, x, call)
    size = _features(layer)
    if array.ndim not in (2, 3) or array.shape[-1] != size:
        raise GatescopeError(
            f"x is {array.shape}; {_label(layer)} takes (B, T, {size}) or (T, {size})"
        )
    if array.ndim == 3:
        array = chosen(array, batch, 0)
    began: dict[str, Array] = {}
    if state is not None:
        values = state if isinstance(state, tuple | list) else (state,)
        for name, value in zip("hc", values, strict=False):
            began[name] = _numbers(value, "state=").reshape(-1, layer_units(layer))
    return Live(layer, np.ascontiguousarray(array), began, _label(layer))


def layer_units(layer: Any) -> int:
    """How many units each direction has."""
    return int(getattr(layer, "forward_layer", layer).units)


def write(layer: Any, folder: Path) -> list[str]:
    """Writes the weights as an archive under Keras's names, and a config of a model of the layer.

    The model is made of a copy: a layer that joins another model notes that for good.
    """
    _check(layer)
    path, config = folder / "model.npz", folder / "config.json"
    copy = type(layer).from_config(layer.get_config())
    model = keras.Sequential([keras.Input((None, _features(layer))), copy])
    copy.set_weights(layer.get_weights())
    # hard_sigmoid is another function in Keras 2; the version says which is meant.
    described = json.loads(model.to_json()) | {"keras_version": keras.__version__}
    config.write_text(json.dumps(described), encoding="utf-8")
    weights = {}
    pair = isinstance(copy, keras.layers.Bidirectional)
    for part in (copy.forward_layer, copy.backward_layer) if pair else (copy,):
        place = f"{copy.name}/{part.name}" if pair else copy.name
        for weight in part.weights:
            weights[f"{place}/cell/{weight.name}"] = keras.ops.convert_to_numpy(weight)
    np.savez(path, **weights)
    return [str(path), f"--config={config}"]


def reference(layer: Any, x: Array, state: dict[str, Array]) -> dict[str, Array]:
    """h, and c of an LSTM, of each direction, as Keras's own cells compute them."""
    arrays: dict[str, Array] = {}
    pair = hasattr(layer, "forward_layer")
    parts = [layer.forward_layer, layer.backward_layer] if pair else [layer]
    for number, part in enumerate(parts):
        backward = bool(part.go_backwards)
        direction = "bwd" if backward else "fwd"
        names = "hc" if isinstance(part, keras.layers.LSTM) else "h"
        began: list[Any] = [
            keras.ops.convert_to_tensor(
                state[name][number][None] if name in state
                else np.zeros((1, part.units), np.float32)
            )
            for name in names
        ]
        rows = []
        for step in x[::-1] if backward else x:
            given = keras.ops.convert_to_tensor(np.ascontiguousarray(step[None]))
            began = part.cell(given, began, training=False)[1]
            began = list(began) if isinstance(began, list | tuple) else [began]
            rows.append([keras.ops.convert_to_numpy(value)[0] for value in began])
        for k, name in enumerate(names):
            values = np.stack([row[k] for row in rows])
            arrays[f"l0_{direction}_{name}"] = values[::-1] if backward else values
    return arrays
