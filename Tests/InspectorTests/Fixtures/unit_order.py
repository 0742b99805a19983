"""Writes unit_order.json: small traces of a plain RNN's h, and how scipy clusters their units.

Usage: unit_order.py > unit_order.json   (needs numpy and scipy)

A case has `values` (steps, units), and of its units `activity` (mean |h|), `variance`, the heights of
average linkage over 1 - |r| in ascending order, the sorted leaves of each merge in that order, and
`path`, the sum of distances between neighbouring leaves after scipy's optimal_leaf_ordering.
"""

import json
import sys

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform


def case(name, values):
    values = np.round(values, 4).astype(np.float32)
    wide = values.astype(np.float64)
    distances = 1 - np.abs(np.corrcoef(wide.T))
    condensed = squareform(distances, checks=False)
    tree = linkage(condensed, "average")
    count = values.shape[1]
    members = {unit: [unit] for unit in range(count)}
    for index, (left, right, _, _) in enumerate(tree):
        members[count + index] = sorted(members[int(left)] + members[int(right)])
    leaves = leaves_list(optimal_leaf_ordering(tree, condensed))
    return {
        "name": name,
        "steps": values.shape[0],
        "values": [round(float(value), 4) for value in values.ravel()],
        "activity": np.abs(wide).mean(axis=0).tolist(),
        "variance": wide.var(axis=0).tolist(),
        "heights": tree[:, 2].tolist(),
        "clusters": [members[count + index] for index in range(count - 1)],
        "path": float(sum(distances[a, b] for a, b in zip(leaves, leaves[1:]))),
    }


def main():
    random = np.random.default_rng(5)
    time = np.arange(40)[:, None]
    waves = np.sin(time / (1.5 + random.integers(0, 4, 12)) + random.normal(0, 0.4, 12))
    sources = random.normal(0, 1, (60, 4))
    mixed = np.tanh(sources[:, random.integers(0, 4, 20)] * random.choice([-1, 1], 20))
    cases = [
        case("noise", random.uniform(-1, 1, (25, 9))),
        case("waves", waves * random.uniform(0.1, 1, 12)),
        case("four groups, some upside down", 0.8 * mixed + random.normal(0, 0.1, (60, 20))),
        case("two units", random.uniform(-1, 1, (10, 2))),
    ]
    json.dump({"cases": cases}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
