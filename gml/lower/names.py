"""Array names of a density: the user's own, and the compiler's beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gml.ir.model import Model, ModelFactor, Recurrence
from gml.ir.nodes import SCORE, SCORE_CONSTANT, Expr, Read
from gml.ir.traverse import fresh_name, transform

RESERVED = frozenset({SCORE, SCORE_CONSTANT})


def array_names(model: Model) -> dict[str, str]:
    """The array of each name of the model: itself, unless the compiler needs it."""
    names = _user_names(model)
    taken = {*names, *RESERVED}
    result = {}
    for name in names:
        result[name] = fresh_name(name, taken) if name in RESERVED else name
        taken.add(result[name])
    return result


def renamed(expr: Expr, names: Mapping[str, str]) -> Expr:
    """An expression of the model's names as one of arrays."""

    def rewrite(node: Expr) -> Expr:
        if isinstance(node, Read) and node.array in names:
            return Read(names[node.array], node.indices)
        return node

    return transform(expr, rewrite)


class OwnNames:
    """Names of arrays that the compiler adds, none of them the user's."""

    def __init__(self, arrays: Iterable[str]) -> None:
        self._taken = {*arrays, *RESERVED}
        self._own: dict[tuple[str, str], str] = {}

    def position(self, site: str) -> str:
        """The unconstrained array of a latent."""
        return self._name((site, "position"), f"u_{site}")

    def stick(self, site: str) -> str:
        """What is left of the stick, for a simplex."""
        return self._name((site, "stick"), f"stick_{site}")

    def part(self, site: str, part: str) -> str:
        """What the transform of a site needs beside its value."""
        return self._name((site, f"part {part}"), f"{part}_{site}")

    def matrix(self, wanted: str) -> str:
        """A function of matrices; each has a name of its own."""
        return self._name((wanted, f"matrix {len(self._own)}"), wanted)

    def sampled(self, site: str, distribution: str, local: str) -> str:
        """An intermediate draw of a generated site's sampler."""
        return self._name((site, f"{distribution} {local}"), f"{site}_{local}")

    def pointwise(self, site: str) -> str:
        """The log likelihood of each element of an observed site, or of a factor."""
        return self._name((site, "pointwise"), f"log_lik_{site}")

    def predicted(self, site: str) -> str:
        """What might have been observed instead."""
        return self._name((site, "predicted"), f"predicted_{site}")

    def inside(self, site: str) -> str:
        """Whether each element of a drawn site lies within its declared support."""
        return self._name((site, "inside"), f"inside_{site}")

    def _name(self, key: tuple[str, str], wanted: str) -> str:
        if key not in self._own:
            self._own[key] = fresh_name(wanted, self._taken)
            self._taken.add(self._own[key])
        return self._own[key]


def _user_names(model: Model) -> list[str]:
    names = [d.name for d in model.data]
    for statement in model.statements:
        match statement:
            case Recurrence(body=body):
                names += [piece.name for piece in body]
            case ModelFactor():
                pass
            case _:
                names.append(statement.name)
    return list(dict.fromkeys(names))
