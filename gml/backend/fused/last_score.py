"""Whether a sampler wants a score of the last of its steps alone.

Leapfrog steps (Neal 2011, MCMC using Hamiltonian dynamics, section 2.3) move by the
gradient; the score is needed at the end, for the acceptance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gml.backend.fused.symbols import Symbol, SymbolicOperations, fields

if TYPE_CHECKING:
    from gml.samplers.transition import Sampler

_SCORE = "score"


def wants_last_score_alone(sampler: Sampler) -> bool:
    """Whether what a step computes of the score only the end of a transition reads.

    Parameters
    ----------
    sampler
        Its step is traced once, on symbols.
    """
    work = fields("work", sampler.work)
    if _SCORE not in work:
        return False
    tuning = fields("tuning", sampler.tuning)
    stepped = sampler.step(SymbolicOperations(), work, tuning)
    before = work[_SCORE]
    others = (result for name, result in stepped.items() if name != _SCORE)
    return not any(_reads_score(result, before) for result in others) and not (
        _SCORE in stepped and _contains(stepped[_SCORE], before)
    )


def _reads_score(root: Symbol, before: Symbol) -> bool:
    return any(node is before or node.operation == "score_of" for node in _nodes(root))


def _contains(root: Symbol, wanted: Symbol) -> bool:
    return any(node is wanted for node in _nodes(root))


def _nodes(root: Symbol) -> list[Symbol]:
    found: dict[int, Symbol] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) not in found:
            found[id(node)] = node
            stack.extend(node.operands)
    return list(found.values())
