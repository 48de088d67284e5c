"""The score of a density for one chain as a function of a kernel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import define, field

from gml.backend.fused.c_function import words
from gml.backend.fused.c_segment import indented
from gml.backend.fused.lowered import OWN, LoweredBody
from gml.backend.fused.origins import Origins
from gml.backend.fused.storage import GIVEN, StorageNames
from gml.backend.fused.values import Loop, Scope
from gml.backend.gpu.body import Body
from gml.backend.gpu.lanes import Lanes, plan_lanes
from gml.backend.gpu.places import Places
from gml.ir.nodes import SCORE, Array, Density, Scalar, Storage

_OF_GRADIENT = ["PRIVATE real *gradient", "bool wants_score"]


@define
class Function:
    """The score, with the gradient if the density has one.

    Parameters
    ----------
    density
        Its body is what the function computes.
    words
        Names that the language has itself.
    sizes
        The number of elements of each dim, where they are known.
    is_worth_it
        Whether a loop has iterations enough for lanes to share; None for one thread.
    with_origins
        Whether to say which line of the model each statement comes from.
    """

    density: Density
    reserved: frozenset[str]
    sizes: Mapping[str, int] | None = None
    is_worth_it: Callable[[Loop], bool] | None = None
    with_origins: bool = True
    places: Places = field(init=False)
    _lowered: LoweredBody = field(init=False)

    def __attrs_post_init__(self) -> None:
        density = self.density
        self._lowered = LoweredBody.of(density)
        lanes = Lanes()
        if self.is_worth_it is not None:
            arrays = {array.name: array for array in density.arrays}
            results = density.gradient
            lanes = plan_lanes(self.root, arrays, results, self.is_worth_it)
        names = StorageNames.of(density, self.reserved)
        self.places = Places(names, lanes, self.sizes)

    @property
    def root(self) -> Scope:
        """The function's statements."""
        return self._lowered.root

    @property
    def given(self) -> list[Array]:
        """The data that the function reads, in the order in which they are packed."""
        return [array for array in self._lowered.arrays if array.storage in GIVEN]

    @property
    def own_arrays(self) -> list[Array]:
        """The arrays that the function has for itself."""
        return [
            array
            for array in self._lowered.arrays
            if array.storage in OWN
            and array.name not in {SCORE, *self.density.gradient}
            and (array.storage is Storage.ADJOINT or array.shape)
        ]

    def lines(self) -> list[str]:
        """The text of the function, `score_and_grad` or `score_only`."""
        printer = Body(self.places, self._lowered.uses, Origins(self.with_origins))
        body = [*printer.root(self.root), *self._results(printer.completed)]
        name = "score_and_grad" if self.density.gradient else "score_only"
        parameters = [
            "DATA const real *reals",
            "DATA const int *integers",
            "POSITION const real *position",
            "int lane",
            "PRIVATE vwide *score_out",
            *(_OF_GRADIENT if self.density.gradient else []),
        ]
        return [
            f"INLINE void {name}(",
            *indented([f"{parameter}," for parameter in parameters[:-1]]),
            f"  {parameters[-1]}) {{",
            "  (void)reals, (void)integers, (void)lane;",
            *indented([*self._declarations(body), *self._zeros(), *body]),
            "}",
        ]

    # ------------------------------------------------------------------- storage

    def _declarations(self, body: list[str]) -> list[str]:
        """What the body's names stand for; those that it does not use are left out."""
        used = words(body)
        lines = [
            "#if IS_SHORT",
            "real at[NDIM];",
            "EACH_DIMENSION at[i] = SHUFFLE(position[0], i);",
            "#else",
            "POSITION const real *at = position;",
            "#endif",
        ]
        for line_name, line in self._pointers():
            if line_name in used:
                lines.append(line)
        return lines

    def _pointers(self) -> list[tuple[str, str]]:
        names, density = self.places.names, self.density
        lines = []
        for array, (buffer, offset) in zip(self.given, self._offsets(), strict=True):
            name = names.array_name(array.name)
            kind = "real" if buffer == "reals" else "int"
            lines.append((name, f"DATA const {kind} *{name} = {buffer} + {offset};"))
        sites = [density.array(site.position) for site in density.sites]
        for array, offset in zip(sites, self._starts(sites), strict=True):
            name = names.array_name(array.name)
            lines.append((name, _at(name, offset)))
        return lines

    def _offsets(self) -> list[tuple[str, str]]:
        """The buffer of each array of data and where it starts: see `packing.py`."""
        ends = {"reals": "0", "integers": "0"}
        offsets = []
        for array in self.given:
            buffer = "reals" if array.scalar is Scalar.REAL else "integers"
            offsets.append((buffer, f"({ends[buffer]})"))
            size = self.places.names.num_elements(array.shape).text
            before = "" if ends[buffer] == "0" else f"{ends[buffer]} + "
            ends[buffer] = f"{before}{size} + 1"
        return offsets

    def packed_sizes(self) -> tuple[str, str]:
        """The number of reals and of ints of data."""
        ends = {"reals": "0", "integers": "0"}
        for array in self.given:
            buffer = "reals" if array.scalar is Scalar.REAL else "integers"
            size = self.places.names.num_elements(array.shape).text
            ends[buffer] = f"{ends[buffer]} + {size} + 1"
        return f"({ends['reals']})", f"({ends['integers']})"

    def _starts(self, arrays: list[Array]) -> list[str]:
        starts, total = [], "0"
        for array in arrays:
            starts.append(total)
            size = self.places.names.num_elements(array.shape).text
            total = size if total == "0" else f"{total} + {size}"
        return starts

    def dimension(self) -> str:
        """The number of elements of the position."""
        sites = [self.density.array(site.position) for site in self.density.sites]
        sizes = [self.places.names.num_elements(array.shape).text for array in sites]
        return " + ".join(sizes) or "0"

    # ------------------------------------------------------------ start and finish

    def _zeros(self) -> list[str]:
        """The function's own arrays; sums start from zero."""
        lines = ["vwide score = WIDE_ZERO;"]
        gradient = [self.density.array(name) for name in self.density.gradient]
        if gradient:
            lines += [
                "real shares[ROOM(NDIM)];",
                "EACH_DIMENSION shares[i] = 0;",
            ]
        for array, start in zip(gradient, self._starts(gradient), strict=True):
            name = self.places.names.array_name(array.name)
            lines.append(f"PRIVATE real *{name} = shares + ({start});")
        for array in self.own_arrays:
            lines += self._local(array)
        return lines

    def _local(self, array: Array) -> list[str]:
        name = self.places.names.array_name(array.name)
        if not array.shape:
            return [f"real {name} = 0;"]
        length = self.places.length(array.name)
        lines = [f"real {name}[ROOM({length})];"]
        if array.storage is Storage.ADJOINT:
            known = self.places.known_length(array.name)
            unroll = "UNROLL_FULLY " if known is not None and known <= 64 else ""
            lines.append(f"{unroll}for (int i = 0; i < {length}; i++) {name}[i] = 0;")
        return lines

    def _results(self, completed: set[str]) -> list[str]:
        total = "*score_out = wide_sum_over_lanes(score);"
        if not self.density.gradient:
            return [total]
        lines = [f"if (wants_score) {total}"]
        gradient = [self.density.array(name) for name in self.density.gradient]
        for array in gradient:
            if array.name in self.places.lanes.partial - completed:
                continue
            if self.is_worth_it is None:
                continue
            name = self.places.names.array_name(array.name)
            size = self.places.names.num_elements(array.shape).text
            lines.append(
                f"for (int i = 0; i < {size}; i++) {name}[i] = FIRST({name}[i]);"
            )
        return [
            *lines,
            "#if LANES == 1",
            "EACH_DIMENSION gradient[i] = shares[i];",
            "#else",
            "sum_to_owners(shares, gradient, lane);",
            "#endif",
        ]


def _at(name: str, offset: str) -> str:
    """A site's part of the position, which may be a copy in registers."""
    return f"AT const real *{name} = at + ({offset});"
