"""The phases of a transition as C: loops over dimensions, in an order that is safe.

Numbers of a chain are `vwide` (float64 lanes): a transition has few of them, and the
difference of two scores needs the digits. Vectors of a chain are arrays of `vreal`,
[ndim][G]. Element-wise vectors are computed where they are used, in one loop with
all that is ready; products with a matrix and positions to be scored are arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from attrs import define, field, frozen

from gml.backend.fused.symbols import Shape, Symbol

CALLS = ("score_and_grad", "score")
PRODUCTS = ("matvec", "matvec_transposed")
BINARY = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}


def _literal(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return "-__builtin_inf()" if value < 0 else "__builtin_inf()"
    return repr(value)


@frozen
class Spelling:
    """What differs between printing for a group of chains and for one chain.

    Attributes
    ----------
    each, of_chain, per_chain
        Before a statement, after a number of a chain, and after its declaration.
    score, score_and_grad
        The statements that call the density.
    after_sum
        A statement after the sum of a dot product, where dimensions are shared out.
    number
        A literal, as an operand of operations on scalars.
    scalar_element
        A scalar in the working precision.
    are_scalars_wide
        Whether scalars have the functions of numbers of chains, not operators.
    """

    each: str = "EACH "
    of_chain: str = "[g]"
    per_chain: str = "[G]"
    score: str = "run->score(run->data, {position}, {score}, workspace);"
    score_and_grad: str = (
        "run->score_and_grad(run->data, {position}, {score}, {gradient}, workspace);"
    )
    after_sum: str = ""
    number: Callable[[float], str] = _literal
    scalar_element: str = "C({0})"
    are_scalars_wide: bool = False


@define
class Phase:
    """Prints one function of a sampler: outputs into the arrays of their fields.

    Parameters
    ----------
    prefix
        Of the names of temporaries.
    outputs
        The field that each result goes to (a C name), and the result.
    spelling
        For groups of chains by default.
    """

    prefix: str
    outputs: Mapping[str, Symbol]
    spelling: Spelling = field(factory=Spelling)
    arrays: list[str] = field(factory=list)
    _places: dict[int, str] = field(factory=dict)
    _texts: dict[int, str] = field(factory=dict)
    _lines: list[str] = field(factory=list)
    _needs: dict[int, int] = field(factory=dict)

    def lines(self) -> list[str]:
        """The statements of the phase."""
        self._count(list(self.outputs.values()))
        for result in self.outputs.values():
            self._prepare(result)
        self._lines += self._stores()
        return self._lines

    # ------------------------------------------------------------------- ordering

    def _count(self, roots: list[Symbol]) -> None:
        """How often each symbol is used, to name what is used twice."""
        stack, seen = list(roots), set()
        for root in roots:
            self._needs[id(root)] = self._needs.get(id(root), 0) + 1
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            for operand in node.operands:
                self._needs[id(operand)] = self._needs.get(id(operand), 0) + 1
                stack.append(operand)

    def _prepare(self, node: Symbol) -> None:
        """Emit what a symbol needs before it can be an expression."""
        if id(node) in self._texts or id(node) in self._places:
            return
        for operand in node.operands:
            self._prepare(operand)
        match node.operation:
            case "field":
                self._field(node)
            case "number":
                self._texts[id(node)] = self.spelling.number(node.value)
            case "score_and_grad" | "score":
                self._call(node)
            case "score_of":
                name = f"{self._places[id(node.operands[0])]}_score"
                self._texts[id(node)] = f"{name}{self.spelling.of_chain}"
            case "gradient_of":
                self._places[id(node)] = f"{self._places[id(node.operands[0])]}_grad"
            case "matvec" | "matvec_transposed":
                self._product(node)
            case "dot":
                self._dot(node)
            case _ if node.shape is Shape.DIMENSION:
                if self._needs[id(node)] > 1:
                    self._materialise(node)
            case _:
                self._chain(node)

    def _field(self, node: Symbol) -> None:
        match node.shape:
            case Shape.DIMENSION | Shape.MATRIX:
                self._places[id(node)] = node.name
            case Shape.SCALAR:
                self._texts[id(node)] = node.name
            case _:
                self._texts[id(node)] = f"{node.name}{self.spelling.of_chain}"

    # ----------------------------------------------------------------- statements

    def _temporary(self) -> str:
        name = f"{self.prefix}_{len(self.arrays)}"
        self.arrays.append(name)
        return name

    def _array(self, node: Symbol) -> str:
        """The array a vector is in, which is made if it is still an expression."""
        if id(node) not in self._places:
            self._materialise(node)
        return self._places[id(node)]

    def _materialise(self, node: Symbol) -> None:
        name = self._temporary()
        value = self._element(node)
        self._lines.append(f"EACH_VECTOR {name}[i] = {value};")
        self._places[id(node)] = name

    def _call(self, node: Symbol) -> None:
        position = self._array(node.operands[0])
        name = f"{self.prefix}_call"
        self._lines.append(f"vwide {name}_score{self.spelling.per_chain};")
        names = {"position": position, "score": f"{name}_score"}
        if node.operation == "score":
            self._lines.append(self.spelling.score.format(**names))
        else:
            self.arrays.append(f"{name}_grad")
            call = self.spelling.score_and_grad
            self._lines.append(call.format(**names, gradient=f"{name}_grad"))
        self._places[id(node)] = name

    def _product(self, node: Symbol) -> None:
        matrix = self._places[id(node.operands[0])]
        vector = self._array(node.operands[1])
        name = self._temporary()
        self._lines.append(f"{node.operation}(ndim, {matrix}, {vector}, {name});")
        self._places[id(node)] = name

    def _dot(self, node: Symbol) -> None:
        left, right = (self._element(operand) for operand in node.operands)
        spelling = self.spelling
        name = f"{self.prefix}_dot_{len(self._texts)}"
        total = f"{name}{spelling.of_chain}"
        self._lines += [
            f"vwide {name}{spelling.per_chain};",
            f"{spelling.each}{total} = WIDE_ZERO;",
            f"EACH_VECTOR {total} = wide_add({total}, widen({left} * {right}));",
        ]
        if spelling.after_sum:
            self._lines.append(spelling.after_sum.format(total))
        self._texts[id(node)] = total

    def _chain(self, node: Symbol) -> None:
        text = self._chain_text(node)
        if node.shape is Shape.SCALAR:
            self._texts[id(node)] = f"({text})"
            return
        kind = "vwide_mask" if node.shape is Shape.CHOICE else "vwide"
        spelling = self.spelling
        name = f"{self.prefix}_number_{len(self._texts)}"
        result = f"{name}{spelling.of_chain}"
        self._lines += [
            f"{kind} {name}{spelling.per_chain};",
            f"{spelling.each}{result} = {text};",
        ]
        self._texts[id(node)] = result

    def _chain_text(self, node: Symbol) -> str:
        operands = [self._wide(operand, node.shape) for operand in node.operands]
        match node.operation:
            case operation if (
                node.shape is not Shape.SCALAR or self.spelling.are_scalars_wide
            ):
                return f"wide_{operation}({', '.join(operands)})"
            case "add" | "subtract" | "multiply" | "divide" as operation:
                return f"{operands[0]} {BINARY[operation]} {operands[1]}"
            case "negate":
                return f"-{operands[0]}"
            case operation:
                raise AssertionError(f"no operation {operation} on scalars")

    def _wide(self, operand: Symbol, shape: Shape) -> str:
        """An operand of an operation on chains: a scalar is the same in all lanes."""
        text = self._texts[id(operand)]
        if self.spelling.are_scalars_wide:
            return text
        if operand.shape is Shape.SCALAR and shape is not Shape.SCALAR:
            return f"wide_broadcast({text})"
        return text

    # ----------------------------------------------------------------- expressions

    def _element(self, node: Symbol) -> str:
        """Element i of a vector (or a number of the chain) in working precision."""
        if id(node) in self._places:
            return f"{self._places[id(node)]}[i]"
        if node.shape is Shape.SCALAR:
            return self.spelling.scalar_element.format(self._texts[id(node)])
        if node.shape is Shape.CHAIN:
            return f"narrow({self._texts[id(node)]})"
        if node.shape is Shape.CHOICE:
            return f"narrow_mask({self._texts[id(node)]})"
        operands = [self._element(operand) for operand in node.operands]
        match node.operation:
            case "add" | "subtract" | "multiply" | "divide" as operation:
                return f"({operands[0]} {BINARY[operation]} {operands[1]})"
            case "negate":
                return f"(-{operands[0]})"
            case "select":
                return f"vselect({', '.join(operands)})"
            case operation:
                raise AssertionError(f"no operation {operation} on vectors")

    # --------------------------------------------------------------------- outputs

    def _stores(self) -> Iterator[str]:
        """All outputs at once: each element is read before it is overwritten."""
        vectors, numbers = [], []
        for target, result in self.outputs.items():
            if result.shape is Shape.DIMENSION:
                if self._places.get(id(result)) != target:
                    vectors.append((target, self._element(result)))
            elif self._texts[id(result)] != f"{target}{self.spelling.of_chain}":
                text = self._wide(result, Shape.CHAIN)
                if result.shape is Shape.CHOICE:
                    text = f"wide_choice({text})"
                numbers.append((target, text))
        if vectors:
            yield "EACH_VECTOR {"
            for number, (_, text) in enumerate(vectors):
                yield f"  const vreal value_{number} = {text};"
            for number, (target, _) in enumerate(vectors):
                yield f"  {target}[i] = value_{number};"
            yield "}"
        if numbers:
            yield f"{self.spelling.each}{{"
            for number, (_, text) in enumerate(numbers):
                yield f"  const vwide value_{number} = {text};"
            for number, (target, _) in enumerate(numbers):
                yield f"  {target}{self.spelling.of_chain} = value_{number};"
            yield "}"
