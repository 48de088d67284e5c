"""One C function of a density: its storage, its body, and what it hands back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import define, field

from gml.backend.fused.c_body import Body
from gml.backend.fused.c_segment import indented
from gml.backend.fused.lowered import LoweredBody
from gml.backend.fused.origins import Origins
from gml.backend.fused.storage import GIVEN, StorageNames
from gml.ir.nodes import SCORE, Array, Density, Expr, Storage


@define
class Function:
    """The score of a density for one group of chains, with the gradient if it has one.

    Parameters
    ----------
    density
        Its body is what the function computes.
    storage
        Names for all of the density's arrays and dims.
    with_origins
        Whether to say which line of the model each statement comes from.
    """

    density: Density
    storage: StorageNames
    with_origins: bool = True
    _lowered: LoweredBody = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._lowered = LoweredBody.of(self.density)

    def lines(self, name: str, with_gradient: bool) -> list[str]:
        """The text of the function.

        Parameters
        ----------
        name
            What it is called.
        with_gradient
            Whether it is called with a place for the gradient, be that of no elements.
        """
        body_printer = Body(
            self.storage, self._lowered.uses, Origins(self.with_origins)
        )
        printed = body_printer.scope(self._lowered.root)
        body = [*self._zeros(), *printed, *self._results()]
        parameters = [
            "const struct data *data",
            "const vreal *restrict position",
            "vwide *restrict score_out",
            *(["vreal *restrict gradient"] if with_gradient else []),
            "vreal *restrict workspace",
        ]
        return [
            f"NOINLINE void {name}(",
            *indented([f"{parameter}," for parameter in parameters[:-1]]),
            f"  {parameters[-1]}) {{",
            *indented([*self._declarations(body), *body]),
            "}",
        ]

    # ------------------------------------------------------------------- storage

    def workspace(self) -> list[Array]:
        """Arrays of vectors that neither the caller nor the stack provides."""
        return [
            array
            for array in self._chain_arrays()
            if not self.storage.is_local(array)
            and array.name not in self.density.gradient
        ]

    def _locals(self) -> list[Array]:
        return [
            array
            for array in self._chain_arrays()
            if self.storage.is_local(array) and array.name != SCORE
        ]

    def _chain_arrays(self) -> list[Array]:
        return [
            array
            for array in self._lowered.arrays
            if array.storage in (Storage.CARRY, Storage.ADJOINT)
            or (array.storage is Storage.LOCAL and array.shape)
        ]

    def _declarations(self, body: list[str]) -> list[str]:
        """What the body's names stand for; those that it does not use are left out."""
        pointers = dict(self._pointers())
        used = words([*body, "data", "workspace"])
        pointers = {name: line for name, line in pointers.items() if name in used}
        used |= words(pointers.values())
        sizes = [
            f"const int64_t {name} = data->{name};"
            for name in self.storage.dims()
            if name in used
        ]
        return ["(void)data, (void)workspace;", *sizes, *pointers.values()]

    def _pointers(self) -> list[tuple[str, str]]:
        storage = self.storage
        lines = []
        for array in self._lowered.arrays:
            if array.storage in GIVEN:
                name = storage.array_name(array.name)
                kind = storage.given_type(array)
                lines.append((name, f"const {kind} *restrict {name} = data->{name};"))
        sites = [self.density.array(site.position) for site in self.density.sites]
        lines += self._cut("const vreal", "position", sites)
        gradient = [self.density.array(name) for name in self.density.gradient]
        inside = {a.name for a in gradient if not storage.is_local(a)}
        lines += [
            (name, line)
            for array, (name, line) in zip(
                gradient, self._cut("vreal", "gradient", gradient), strict=True
            )
            if array.name in inside
        ]
        lines += self._cut("vreal", "workspace", self.workspace())
        for array in self._locals():
            name = storage.array_name(array.name)
            size = storage.literal_size(array)
            count = "G" if size == 1 else f"{size} * G"
            lines.append((name, f"vreal {name}[{count}];"))
        return lines

    def _cut(self, kind: str, whole: str, arrays: list[Array]) -> list[tuple[str, str]]:
        """Pointers to arrays that lie one after another."""
        lines = []
        for array, offset in zip(arrays, self.offsets(arrays), strict=False):
            name = self.storage.array_name(array.name)
            start = _start(whole, offset)
            lines.append((name, f"{kind} *restrict {name} = {start};"))
        return lines

    def offsets(self, arrays: list[Array]) -> list[str]:
        """Where each array starts, in elements, and after the last their sum."""
        offsets, terms = ["0"], list[str]()
        for array in arrays:
            terms.append(self.storage.num_elements(array.shape).text)
            known = sum(int(term) for term in terms if term.isdigit())
            sized = [term for term in terms if not term.isdigit()]
            texts = [str(known), *sized] if known else sized
            offsets.append(" + ".join(texts) or "0")
        return offsets

    # ------------------------------------------------------------ start and finish

    def _zeros(self) -> list[str]:
        lines = ["vwide score[G];", "EACH score[g] = (vwide){0};"]
        for array in self._chain_arrays():
            if array.storage is Storage.ADJOINT and array.name != SCORE:
                name = self.storage.array_name(array.name)
                count = self._count(array.shape)
                lines.append(f"fill_zero({name}, {count});")
        return lines

    def _results(self) -> list[str]:
        lines = ["EACH score_out[g] = score[g];"]
        gradient = [self.density.array(name) for name in self.density.gradient]
        for array, offset in zip(gradient, self.offsets(gradient), strict=False):
            if self.storage.is_local(array):
                name = self.storage.array_name(array.name)
                count = self._count(array.shape)
                lines.append(f"copy({_start('gradient', offset)}, {name}, {count});")
        return lines

    def _count(self, shape: tuple[Expr, ...]) -> str:
        return self.storage.num_elements(shape).text


def _start(whole: str, offset: str) -> str:
    if offset == "0":
        return whole
    return f"{whole} + {f'({offset})' if ' ' in offset else offset} * G"


def words(lines: Iterable[str]) -> set[str]:
    """The identifiers in lines of C."""
    return set(re.findall(r"[A-Za-z_]\w*", "\n".join(lines)))
