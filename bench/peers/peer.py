# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""What both peers share: the sizes of the paper's networks, and the talk with the
Go program that starts them. A peer reads its inputs from a .npz file (weights, ν and
points; see twin.go), writes its own answer to a second one, prints its version, and
then takes as many training steps as each line of its standard input says."""

import sys

import numpy as np

MAIN = [2, 8, 8, 8, 8, 8, 8, 1]  # widths of the main network: t, x to u
LAYERS = ["hyper0", "hyper1", "hyper2", "hyper3", "head"]  # of the hypernetwork
NU_LOW, NU_HIGH = 0.001, 0.1
RATE = 1e-3  # of Adam
TWIN_STEPS = 3  # of Adam, on the given points

# Each weight of the hypernetwork and its bias, in order: [in, out] and [out].
NAMES = [f"{layer}/{part}" for layer in LAYERS for part in "wb"]


def pieces():
    """The main network's layers as (in, out, start) in what the hypernetwork writes."""
    start = 0
    for i, o in zip(MAIN, MAIN[1:]):
        yield i, o, start
        start += (i + 1) * o


def serve(peer_of):
    """Runs a peer: peer_of(variant, inputs) has a version, answer(), which returns
    (terms of the loss, gradients, changes of the weights), and steps(n)."""
    variant, given, found = sys.argv[1:]
    inputs = dict(np.load(given))
    peer = peer_of(variant, inputs)
    terms, gradients, stepped = peer.answer()
    answer = dict(zip(["residual", "data"], terms))
    answer |= {f"gradient/{name}": g for name, g in zip(NAMES, gradients)}
    answer |= {f"stepped/{name}": s for name, s in zip(NAMES, stepped)}
    for name, a in answer.items():
        assert np.asarray(a).dtype == inputs["nu"].dtype, f"{name} became {np.asarray(a).dtype}"
    np.savez(found, **{name: np.atleast_1d(a) for name, a in answer.items()})
    print(peer.version, flush=True)
    for line in sys.stdin:
        peer.steps(int(line))
        print("done", flush=True)
