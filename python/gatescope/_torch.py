"""torch.nn's recurrent layers: what enters them, their weights, and their own arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from ._errors import GatescopeError
from ._models import Live, chosen, refuse, write_safetensors

Array = npt.NDArray[Any]

_STACKS = (nn.LSTM, nn.GRU, nn.RNN)
_CELLS = (nn.LSTMCell, nn.GRUCell, nn.RNNCell)


def is_cell(module: object) -> bool:
    """Whether that steps once a call."""
    return isinstance(module, _CELLS)


def _is_recurrent(module: object) -> bool:
    return isinstance(module, _STACKS + _CELLS)


def _label(module: nn.Module) -> str:
    base = next(kind for kind in _STACKS + _CELLS if isinstance(module, kind))
    return f"torch.nn.{base.__name__}({module.input_size}, {module.hidden_size})"


def find(model: Any, name: str | None) -> Any:
    """The recurrent layer of that name, or of any part of it that fits only one."""
    if _is_recurrent(model) and name is None:
        return model
    found: dict[str, Any] = {
        path: one for path, one in model.named_modules() if _is_recurrent(one)
    }
    if not found:
        raise refuse(model) if name is None else GatescopeError(
            f"module={name!r}: {type(model).__name__} has no torch.nn.LSTM, GRU or RNN in it"
        )
    fits = [name] if name in found else [path for path in found if name is None or name in path]
    if len(fits) != 1:
        asked = "module=" if name is None else f"module={name!r}:"
        which = "says which of" if name is None else "is one of" if fits else "is none of"
        raise GatescopeError(f"{asked} {which} {', '.join(fits or found)}")
    return found[fits[0]]


def _check(module: nn.Module) -> None:
    """What the program would compute otherwise than the module does is refused."""
    base = next(kind for kind in _STACKS + _CELLS if isinstance(module, kind))
    if type(module).forward is not base.forward:
        raise GatescopeError(
            f"{type(module).__name__} has a forward of its own, so it is not what "
            f"torch.nn.{base.__name__} computes"
        )
    for name, weight in module.named_parameters():
        _check_tensor(weight, f"the weight {name}", "module")


def _check_tensor(tensor: torch.Tensor, what: str, whose: str) -> None:
    if tensor.device.type != "cpu":
        raise GatescopeError(
            f"{what} is on {tensor.device}; gatescope computes on the processor: give {whose}.cpu()"
        )
    if tensor.dtype in (torch.float16, torch.bfloat16):
        kind = str(tensor.dtype).removeprefix("torch.")
        raise GatescopeError(
            f"{what} is {kind}, half precision; gatescope computes in float32: give {whose}.float()"
        )


def _array(tensor: torch.Tensor, what: str) -> Array:
    _check_tensor(tensor, what, "it as a tensor")
    return tensor.detach().to(torch.float32).numpy()


@contextmanager
def _inference(model: nn.Module) -> Iterator[None]:
    """Without gradients and dropout; every part is put back into the mode it was in."""
    modes = [(part, part.training) for part in model.modules()]
    try:
        model.eval()
        with torch.no_grad():
            yield
    finally:
        for part, mode in modes:
            part.training = mode


def _tensor(value: object, what: str) -> Any:
    if isinstance(value, torch.Tensor | PackedSequence):
        return value
    try:
        return torch.as_tensor(np.asarray(value, dtype=np.float32))
    except (TypeError, ValueError) as error:
        raise GatescopeError(f"{what} is no array of numbers: {error}") from None


Call = tuple[Any, Any, Any]


def _calls(model: nn.Module, target: nn.Module, x: object) -> list[Call]:
    """What entered the target, the state with which it began, and what it gave, call by call."""
    calls: list[Call] = []

    def note(_: nn.Module, args: tuple[Any, ...], named: dict[str, Any], result: Any) -> None:
        given = args[0] if args else named.get("input")
        state = args[1] if len(args) > 1 else named.get("hx")
        calls.append((given, state, result))

    hook = target.register_forward_hook(note, with_kwargs=True)
    try:
        with _inference(model):
            if isinstance(x, dict):
                model(**x)
            elif isinstance(x, tuple) and not isinstance(x, PackedSequence):
                model(*x)
            else:
                model(x if isinstance(x, torch.Tensor | PackedSequence) else torch.as_tensor(x))
    finally:
        hook.remove()
    return calls


def _hidden(state: Any) -> Any:
    return state[0] if isinstance(state, tuple | list) else state


def _chains(calls: list[Call]) -> list[list[Call]]:
    """A cell's calls, those together of which each begins with what the one before gave."""
    chains: list[list[Call]] = []
    for call in calls:
        h = _hidden(call[1])
        before = _hidden(chains[-1][-1][2]) if chains else None
        if h is not None and before is not None and h.shape == before.shape and h.equal(before):
            chains[-1].append(call)
        else:
            chains.append([call])
    return chains


def _choose(number: int | None, count: int, label: str, what: str) -> int:
    if count == 0:
        raise GatescopeError(f"{label} was not called while x went through the model")
    if number is None:
        if count > 1:
            raise GatescopeError(
                f"{label} is called {count} times as x goes through the model{what}; "
                f"call=0 … call={count - 1} says which"
            )
        return 0
    if not 0 <= number < count:
        raise GatescopeError(f"call={number}: {label} is called {count} times, counted from 0")
    return number


def live(
    model: Any, x: object, *, module: str | None, call: int | None, batch: int | None,
    state: object,
) -> Live:
    """What enters the recurrent layer, as `_models.live` says."""
    target: Any = find(model, module)
    _check(target)
    label = _label(target)
    began: Any = state
    if target is model:
        if call not in (None, 0):
            raise GatescopeError(f"call={call}: x enters {label} itself, once")
        given = _tensor(x, "x")
    else:
        if state is not None:
            raise GatescopeError("state= is of a recurrent layer itself; a model makes its own")
        calls = _calls(model, target, x)
        if is_cell(target):
            chains = _chains(calls)
            chain = chains[_choose(call, len(chains), label, " from a new state")]
            given, began = torch.stack([one[0] for one in chain]), chain[0][1]
        else:
            given, began, _ = calls[_choose(call, len(calls), label, "")]
    return _as_live(target, label, given, began, batch)


def _as_live(target: Any, label: str, given: Any, began: Any, batch: int | None) -> Live:
    lengths = None
    batch_first = getattr(target, "batch_first", False)
    if isinstance(given, PackedSequence):
        _check_tensor(given.data, "x", "it as a tensor")
        padded, sizes = pad_packed_sequence(given)
        given, lengths, batch_first = padded, sizes.numpy(), False
    array = _array(given, "x")
    size = target.input_size
    if array.ndim not in (2, 3) or array.shape[-1] != size:
        layout = f"(B, T, {size})" if batch_first else f"(T, B, {size})"
        raise GatescopeError(f"x is {array.shape}; {label} takes {layout} or (T, {size})")
    is_batch = array.ndim == 3
    if is_batch:
        axis = 0 if batch_first else 1
        array = chosen(array, batch, axis, lengths)
    return Live(target, np.ascontiguousarray(array), _state(target, began, batch, is_batch), label)


def _state(target: Any, began: Any, batch: int | None, is_batch: bool) -> dict[str, Array]:
    """h and c, (layers · directions, H), of that sequence; none where the run begins with zeros."""
    if began is None:
        return {}
    values = began if isinstance(began, tuple | list) else (began,)
    names = "hc"[: 2 if isinstance(target, nn.LSTM | nn.LSTMCell) else 1]
    if len(values) != len(names):
        raise GatescopeError(f"state= is of {len(values)} tensors; {_label(target)} takes h and c"
                             if names == "hc" else f"state= is h alone for {_label(target)}")
    state = {}
    for name, value in zip(names, values, strict=True):
        array = _array(_tensor(value, "state="), f"the state {name}")
        if is_cell(target):
            array = array[None]
        if array.ndim == 3 or (is_cell(target) and array.ndim > 2):
            array = array[:, batch or 0]
        state[name] = np.ascontiguousarray(array)
    return state


def _suffixes(module: Any) -> list[str]:
    if is_cell(module):
        return [""]
    ways = ("", "_reverse") if module.bidirectional else ("",)
    return [f"_l{layer}{way}" for layer in range(module.num_layers) for way in ways]


def write(module: Any, folder: Path) -> list[str]:
    """Writes the layer as a safetensors file under PyTorch's names; cells as a stack of one."""
    _check(module)
    path = folder / "model.safetensors"
    tensors = {}
    for suffix in _suffixes(module):
        for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"):
            # Through the attribute, so that a parametrised weight is the one that is used.
            weight = getattr(module, kind + suffix, None)
            if weight is not None:
                name = f"{kind}{suffix or '_l0'}"
                tensors[f"lstm.{name}"] = _array(weight, name)
    metadata = {}
    if isinstance(module, nn.RNN | nn.RNNCell):
        metadata["gatescope.activation"] = module.nonlinearity
    write_safetensors(path, tensors, metadata)
    return [str(path)]


def reference(module: Any, x: Array, state: dict[str, Array]) -> dict[str, Array]:
    """h, and c of an LSTM, of every layer and direction, as PyTorch itself computes them.

    Each layer and direction is stepped as a module of its own, since PyTorch gives c after the
    last step only; what the last layer gives is taken from the module as it is, as ``output``.
    """
    with _inference(module):
        arrays: dict[str, Array] = {}
        entering = torch.as_tensor(x)[:, None]
        ways = ("fwd", "bwd") if getattr(module, "bidirectional", False) else ("fwd",)
        for layer in range(getattr(module, "num_layers", 1)):
            given = []
            for way, direction in enumerate(ways):
                part = _part(module, layer, direction, entering.shape[2])
                began = {
                    name: torch.as_tensor(values[layer * len(ways) + way])[None, None]
                    for name, values in state.items()
                }
                signals = _stepped(part, entering.flip(0) if way else entering, began)
                for name, values in signals.items():
                    signals[name] = values.flip(0) if way else values
                    arrays[f"l{layer}_{direction}_{name}"] = signals[name][:, 0].numpy()
                given.append(signals["h"])
            entering = torch.cat(given, 2)
        arrays["output"] = _whole(module, x, state)
    return arrays


def _part(module: Any, layer: int, direction: str, size: int) -> Any:
    base: Any = next(
        stack for stack, cell in zip(_STACKS, _CELLS, strict=True)
        if isinstance(module, stack | cell)
    )
    options: dict[str, Any] = {"bias": bool(module.bias)}
    if getattr(module, "proj_size", 0):
        options["proj_size"] = module.proj_size
    if base is nn.RNN:
        options["nonlinearity"] = module.nonlinearity
    part = base(size, module.hidden_size, **options)
    suffix = "" if is_cell(module) else f"_l{layer}{'_reverse' if direction == 'bwd' else ''}"
    for name, parameter in part.named_parameters():
        parameter.copy_(getattr(module, name.removesuffix("_l0") + suffix))
    return part


def _stepped(part: Any, x: Any, began: dict[str, Any]) -> dict[str, Any]:
    state: Any = None
    if began:
        state = (began["h"], began["c"]) if "c" in began else began["h"]
    steps = []
    for step in x:
        state = part(step[None], state)[1]
        steps.append(state if isinstance(state, tuple) else (state,))
    return {
        name: torch.cat([step[k] for step in steps])
        for k, name in enumerate("hc"[: len(steps[0])])
    }


def _whole(module: Any, x: Array, state: dict[str, Array]) -> Array:
    began: Any = None
    if is_cell(module):
        rows = []
        if state:
            parts = [torch.as_tensor(state[name]) for name in state]
            began = tuple(parts) if len(parts) == 2 else parts[0]
        for step in torch.as_tensor(x):
            began = module(step[None], began)
            rows.append((began[0] if isinstance(began, tuple) else began)[0])
        stepped: Array = torch.stack(rows).numpy()
        return stepped
    if state:
        parts = [torch.as_tensor(values)[:, None] for values in state.values()]
        began = tuple(parts) if len(parts) == 2 else parts[0]
    entering = torch.as_tensor(x)
    entering = entering[None] if module.batch_first else entering[:, None]
    output = module(entering.to(next(module.parameters()).dtype), began)[0]
    one: Array = (output[0] if module.batch_first else output[:, 0]).float().numpy()
    return one
