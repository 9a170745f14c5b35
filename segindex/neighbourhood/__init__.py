"""What lies near a cell: weighted sums over its surroundings, its k nearest residents, and its neighbours.

`kernel` and `nearest` give a callable `nearby`: (..., n_cells) -> (..., n_cells), the weighted sum over each cell's
surroundings, the cell itself included; `discs` gives a list of them, ever wider. `contiguity` and `boundary` give
sparse matrices: who are neighbours, and how many metres of boundary they share; `isolated` names the cells without a
neighbour. `pitch` tells whether the cells are a grid; `distance_to` gives each cell's distance to the nearest centre.
None of them makes an n x n array.
"""

from segindex.neighbourhood.adjacency import boundary, contiguity, isolated, pitch
from segindex.neighbourhood.centres import distance_to
from segindex.neighbourhood.discs import disc_radii, discs
from segindex.neighbourhood.falloff import KERNELS
from segindex.neighbourhood.kernels import kernel
from segindex.neighbourhood.residents import nearest

__all__ = [
    "KERNELS",
    "boundary",
    "contiguity",
    "disc_radii",
    "discs",
    "distance_to",
    "isolated",
    "kernel",
    "nearest",
    "pitch",
]
