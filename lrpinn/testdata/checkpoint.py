# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Writes phase1.pt, phase2.pt and checkpoint.json: small files in the format of
the authors' checkpoints, and what their networks compute.

    pip install numpy && python checkpoint.py

The format is that of torch.save(net.state_dict(), path): a zip archive, stored,
with data.pkl (protocol 2), data/0 … (little-endian float32), byteorder and
version. It is written here without PyTorch, by stand-ins for the two things of
it that a pickle names. The networks are computed in float64, as the authors'
model.py writes them: Linear weights [out, in], and points as rows.
"""
import collections
import io
import json
import pathlib
import pickle
import sys
import types
import zipfile

import numpy as np

HERE = pathlib.Path(__file__).parent
WIDTH = 8
RANKS = [3, 8, 5]
MU = [3.0, 0.25, 1.5]
POINTS = [(2 * np.pi * i / 20, (i * 7 % 20) / 20) for i in range(20)]


class FloatStorage:
    pass


def _rebuild_tensor_v2(*args):
    raise NotImplementedError


for module, member in (("torch", FloatStorage), ("torch._utils", _rebuild_tensor_v2)):
    sys.modules[module] = types.ModuleType(module)
    setattr(sys.modules[module], member.__name__, member)
    member.__module__ = module


class Storage:
    def __init__(self, numbers):
        self.numbers = numbers


class Tensor:
    """A strided window into a storage."""

    def __init__(self, storage, offset, size, stride):
        self.args = (storage, offset, tuple(size), tuple(stride), False, collections.OrderedDict())

    def __reduce_ex__(self, _):
        return _rebuild_tensor_v2, self.args


def tensor(a, transposed=False):
    if transposed:  # a tensor that is a transposed view, three numbers into its storage
        flat = np.concatenate([[9.0] * 3, a.T.ravel()])
        return Tensor(Storage(flat), 3, a.shape, (1, a.shape[0]))
    strides = [int(np.prod(a.shape[k + 1 :])) for k in range(a.ndim)]
    return Tensor(Storage(a.ravel()), 0, a.shape, strides)


def save(path, tensors, transposed=()):
    """tensors: name to array."""
    state = collections.OrderedDict((k, tensor(v, k in transposed)) for k, v in tensors.items())
    state._metadata = collections.OrderedDict({"": {"version": 1}})
    storages = []

    class Pickler(pickle._Pickler):
        def persistent_id(self, obj):
            if isinstance(obj, Storage):
                storages.append(obj.numbers)
                return ("storage", FloatStorage, str(len(storages) - 1), "cuda:0", len(obj.numbers))

    description = io.BytesIO()
    Pickler(description, protocol=2).dump(state)
    records = {"data.pkl": description.getvalue(), "byteorder": b"little"}
    for i, numbers in enumerate(storages):
        records[f"data/{i}"] = numbers.astype("<f4").tobytes()
    records["version"] = b"3\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as z:
        for name, data in records.items():
            z.writestr(zipfile.ZipInfo(f"{path.stem}/{name}"), data)


def make(name, *shape):
    """sin(i^2 + c) in float32, c the sum of the name's bytes."""
    i = np.arange(int(np.prod(shape)))
    return np.sin(i**2 + sum(name.encode())).astype(np.float32).reshape(shape)


def forward(p, alphas):
    u = []
    for point in POINTS:
        h = np.tanh(p["start_layer.weight"] @ point + p["start_layer.bias"])
        for l in range(3):
            h = np.tanh(h @ (p[f"col_basis_{l}"] @ np.diag(alphas[l]) @ p[f"row_basis_{l}"]))
        u.append(float((p["end_layer.weight"] @ h + p["end_layer.bias"])[0]))
    return u


ends = {"start_layer.weight": (WIDTH, 2), "start_layer.bias": (WIDTH,), "end_layer.weight": (1, WIDTH), "end_layer.bias": (1,)}

shapes = {f"{side}_basis_{l}": (WIDTH, WIDTH) for side in ("col", "row") for l in range(3)} | ends
for m in (1, 2, 3):
    shapes |= {f"meta_layer_{m}.weight": (WIDTH, 3 if m == 1 else WIDTH), f"meta_layer_{m}.bias": (WIDTH,)}
for l in range(3):
    shapes |= {f"meta_alpha_{l}.weight": (WIDTH, WIDTH), f"meta_alpha_{l}.bias": (WIDTH,)}
phase1 = {name: make(name, *shape) for name, shape in shapes.items()}

shapes = {f"col_basis_{l}": (WIDTH, r) for l, r in enumerate(RANKS)}
shapes |= {f"row_basis_{l}": (r, WIDTH) for l, r in enumerate(RANKS)}
shapes |= {f"alpha_{l}": (r,) for l, r in enumerate(RANKS)} | ends
phase2 = {name: make(name, *shape) for name, shape in shapes.items()}

save(HERE / "phase1.pt", phase1)
# A slice of a larger basis need not be contiguous.
save(HERE / "phase2.pt", phase2, transposed=["col_basis_0", "row_basis_2"])

p = {k: v.astype(float) for k, v in phase1.items()}
h = np.array(MU)
for m in (1, 2, 3):
    h = np.tanh(p[f"meta_layer_{m}.weight"] @ h + p[f"meta_layer_{m}.bias"])
alphas = [np.maximum(0, p[f"meta_alpha_{l}.weight"] @ h + p[f"meta_alpha_{l}.bias"]) for l in range(3)]
want = {"phase1": forward(p, alphas)}
p = {k: v.astype(float) for k, v in phase2.items()}
want["phase2"] = forward(p, [p[f"alpha_{l}"] for l in range(3)])
(HERE / "checkpoint.json").write_text(json.dumps(want) + "\n")
