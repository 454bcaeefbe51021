# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""What all peers share: the talk with the Go program that starts them. A peer is
told which step to take and in which way; reads its inputs from a .npz file (weights
and data; see twin.go); writes its own answer to a second one; prints "ready" and its
version; and then takes as many training steps as each line of its standard input says."""

import sys

import numpy as np

TWIN_STEPS = 3  # of Adam, on the given points


def split(inputs):
    """The inputs' weights, in the order of their names, and their data."""
    weights = {name[len("weight/") :]: a for name, a in sorted(inputs.items()) if name.startswith("weight/")}
    data = {name: a for name, a in inputs.items() if not name.startswith("weight/")}
    return weights, data


def serve(peer_of):
    """Runs a peer: peer_of(step, variant, inputs) has a version, answer(), which
    returns the terms of the loss, the gradients and the changes of the weights, each
    by name, and steps(n)."""
    step, variant, given, found = sys.argv[1:]
    inputs = dict(np.load(given))
    dtype = inputs["points"].dtype
    peer = peer_of(step, variant, inputs)
    terms, gradients, stepped = peer.answer()
    answer = dict(terms)
    answer |= {f"gradient/{name}": g for name, g in gradients.items()}
    answer |= {f"stepped/{name}": s for name, s in stepped.items()}
    for name, a in answer.items():
        assert np.asarray(a).dtype == dtype, f"{name} became {np.asarray(a).dtype}"
    np.savez(found, **{name: np.atleast_1d(a) for name, a in answer.items()})
    print("ready", peer.version, flush=True)
    for line in sys.stdin:
        peer.steps(int(line))
        print("done", flush=True)
