"""Ability in five equal parts: the grid on which expected flows are kept."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import norm

from sim.opening.codes import Floats
from sim.parameters import Parameters

NODES = 5
EDGES = np.arange(NODES + 1) / NODES
NODE_MEAN: Floats = np.round((norm.pdf(ndtri(EDGES[:-1])) - norm.pdf(ndtri(EDGES[1:]))) * NODES, 12)
"""Mean of a standard normal in each fifth, (5,); rounded so that every machine holds the same bits."""


def engagement_threshold(share: float) -> float:
    """Engagement above which `share` of all families lie."""
    return float(ndtri(1.0 - share)) if 0.0 < share < 1.0 else (-1e9 if share >= 1.0 else 1e9)


def participation_by_node(share: float, parameters: Parameters) -> Floats:
    """Share of each ability fifth whose engagement exceeds the threshold of `share`, (5,)."""
    r = parameters["families.engagement_correlation"]
    threshold = engagement_threshold(share)
    points = ndtri((np.arange(NODES * 20) + 0.5) / (NODES * 20))
    above = 1.0 - ndtr((threshold - r * points) / (1 - r * r) ** 0.5)
    return above.reshape(NODES, 20).mean(axis=1)


def looking_by_node(share: float, parameters: Parameters) -> Floats:
    """Yearly share of each fifth of settled families who look around: twice Phi(engagement) times the mean, (5,)."""
    r = parameters["families.engagement_correlation"]
    points = ndtri((np.arange(NODES * 20) + 0.5) / (NODES * 20))
    # the mean of Phi(e) over e ~ N(r a, 1 - r^2)
    mean = ndtr(r * points / (2 - r * r) ** 0.5)
    return np.minimum(1.0, 2.0 * share * mean.reshape(NODES, 20).mean(axis=1))
