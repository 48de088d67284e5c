"""A model without discrete parameters: they are summed out, one after the other.

Each step takes all the terms that depend on a parameter and puts one in their place:
variable elimination (Koller and Friedman 2009, Probabilistic Graphical Models, chapter
9). Parameters with many dims come first, so that what is left of them depends on those
of the plates around them; they are drawn back in the opposite order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve

from gml.ir.model import (
    DataCheck,
    Model,
    ModelFactor,
    ModelSite,
    Recurrence,
    Statement,
)
from gml.ir.nodes import Term
from gml.lower.discrete.cells import Frame, Use, use_of
from gml.lower.discrete.chains import sum_chain
from gml.lower.discrete.cost import check_cost
from gml.lower.discrete.elimination import Elimination, Setting
from gml.lower.discrete.independent import sum_independent
from gml.lower.discrete.names import Fresh
from gml.lower.discrete.order import next_group
from gml.lower.discrete.sizes import Sizes
from gml.lower.discrete.states import States, find_states
from gml.lower.discrete.summands import Parts, Summand, kind_of, take_apart


def marginalize(model: Model) -> Model:
    """The model with factors in place of discrete parameters, which are generated.

    Raises
    ------
    GmlError
        If some cannot be summed out, or at too great a cost.
    """
    sizes, fresh = Sizes(model), Fresh(model)
    states = find_states(model, sizes, fresh)
    parts = take_apart(model, states, sizes)
    summands, remaining = parts.summands, dict(states)
    eliminations: list[Elimination] = []
    checks: list[DataCheck] = []
    while remaining:
        group = next_group(remaining, summands)
        arrays = {own.name: own for own in group}
        own = [s for s in summands if s.reads(arrays)]
        for name in arrays:
            del remaining[name]
        uses = [use_of(summand, arrays, remaining) for summand in own]
        setting = Setting(states, dict(remaining), sizes, fresh)
        made = _eliminated(group, uses, setting)
        checks += check_cost(group, uses, setting)
        eliminations.append(made)
        summands = [s for s in summands if not any(s is other for other in own)]
        summands.append(made.summand)
    return evolve(
        model,
        statements=_statements(parts, eliminations, summands),
        checks=(*model.checks, *checks),
        extents={**model.extents, **sizes.extents},
    )


def _eliminated(
    group: Sequence[States], uses: Sequence[Use], setting: Setting
) -> Elimination:
    dims = group[0].dims
    variables = tuple(setting.fresh(dim.lower()) for dim in dims)
    frame = Frame(variables, dims, setting.sizes)
    if any(use.place is not None for use in uses):
        return sum_chain(group, uses, frame, setting)
    return sum_independent(group[0], uses, frame, setting)


def _statements(
    parts: Parts, eliminations: Iterable[Elimination], summands: Iterable[Summand]
) -> tuple[Statement, ...]:
    """What depends on draws of discrete parameters comes last, after those draws."""
    eliminations = list(eliminations)
    kept = set[str]()
    for statement in parts.kept:
        pieces = statement.body if isinstance(statement, Recurrence) else (statement,)
        kept |= {p.name for p in pieces if isinstance(p, ModelSite) and not p.is_summed}
    factors: list[Statement] = []
    for summand in summands:
        named = [n for n in sorted(summand.observed) if n not in kept]
        site = named[0] if len(named) == 1 else summand.parameter
        kept.add(site)
        term = Term(kind_of(summand), site)
        factors.append(ModelFactor(term, summand.axes, summand.value, summand.span))
    return (
        *parts.kept,
        *(s for made in eliminations for s in made.definitions),
        *factors,
        *(s for made in reversed(eliminations) for s in made.recovery),
        *parts.dependent,
    )
