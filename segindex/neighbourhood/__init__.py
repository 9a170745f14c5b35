"""What lies near a cell: weighted sums over its surroundings, its k nearest residents, and its neighbours.

`kernel` and `nearest` give a callable `nearby`: (..., n_cells) -> (..., n_cells), the weighted sum over each cell's
surroundings, the cell itself included. `contiguity` gives a sparse matrix, and `isolated` the cells without a
neighbour; `pitch` tells whether the cells are a grid; `distance_to` gives each cell's distance to the nearest centre.
None of them makes an n x n array.
"""

from segindex.neighbourhood.adjacency import contiguity, isolated, pitch
from segindex.neighbourhood.centres import distance_to
from segindex.neighbourhood.falloff import KERNELS
from segindex.neighbourhood.kernels import kernel
from segindex.neighbourhood.residents import nearest

__all__ = ["KERNELS", "contiguity", "distance_to", "isolated", "kernel", "nearest", "pitch"]
