"""The graph of a model, in DOT and in Mermaid: what depends on what, in its plates."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import define, field, frozen

from gml.emit.pieces import Piece, pieces
from gml.ir.model import (
    Definition,
    IntegerSupport,
    Model,
    ModelFactor,
    ModelSite,
    RealSupport,
    Role,
    Support,
)
from gml.ir.nodes import Expr
from gml.ir.traverse import arrays_read


@frozen
class Node:
    """A name of the model: data, a site, a definition or a factor."""

    name: str
    role: str
    words: str
    dims: tuple[str, ...]


@frozen
class Graph:
    """Nodes in the order of the model, and edges from what is read to what reads."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]


@define
class _Plate:
    """Nodes that repeat over the same dims, and plates within."""

    nodes: list[Node] = field(factory=list)
    inner: dict[str, _Plate] = field(factory=dict)


def model_graph(model: Model) -> Graph:
    """The graph of a checked model.

    An observed site and its data are one node, and so are the lines of one name.
    """
    found = {
        d.name: Node(d.name, "data", "", d.dims) for d in model.data if not d.is_derived
    }
    edges: dict[tuple[str, str], None] = {}
    for piece in pieces(model):
        node = _node(piece)
        if node.role == Role.OBSERVED.value or node.name not in found:
            found[node.name] = node
        for parent in sorted(_reads(piece)):
            edges[parent, node.name] = None
    known = tuple(edge for edge in edges if edge[0] in found)
    return Graph(model.name, tuple(found.values()), known)


def _node(piece: Piece) -> Node:
    match piece:
        case ModelSite(name=name, dims=dims, call=call, role=role):
            return Node(name, role.value, f"~ {call.distribution}", dims)
        case Definition(name=name, dims=dims, role=role):
            return Node(name, role.value, "", dims)
        case ModelFactor(term=term, axes=axes):
            return Node(term.site, "factor", "", tuple(axis.var for axis in axes))


def _reads(piece: Piece) -> frozenset[str]:
    match piece:
        case ModelSite(call=call, indices=indices, support=support):
            read = [value for _, value in (*call.arguments, *call.sizes)]
            read += [*indices, *_bounds(support)]
        case Definition(value=value, indices=indices):
            read = [value, *indices]
        case ModelFactor(value=value):
            read = [value]
    return frozenset[str]().union(*map(arrays_read, read))


def _bounds(support: Support) -> list[Expr]:
    if not isinstance(support, RealSupport | IntegerSupport):
        return []
    return [bound for bound in (support.lower, support.upper) if bound is not None]


def _plates(graph: Graph) -> _Plate:
    root = _Plate()
    for node in graph.nodes:
        plate = root
        for dim in node.dims:
            plate = plate.inner.setdefault(dim, _Plate())
        plate.nodes.append(node)
    return root


# ------------------------------------------------------------------------- DOT

_SHAPES = {
    "data": 'shape=box, style=filled, fillcolor="gray90"',
    "observed": 'shape=ellipse, style=filled, fillcolor="gray80"',
    "latent": "shape=ellipse",
    "derived": 'shape=box, style="rounded,dashed"',
    "generated": "shape=ellipse, style=dashed",
    "known": 'shape=box, style="rounded,dashed"',
    "factor": "shape=square, style=filled, fillcolor=black, fontcolor=white",
}


def print_dot(model: Model) -> str:
    """The graph for Graphviz: `dot -Tsvg`."""
    graph = model_graph(model)
    lines = [
        f'digraph "{graph.title}" {{',
        '  node [fontname="sans-serif"];',
        *_lines(_plates(graph), _dot_node, _dot_plate),
        *(f'  "{parent}" -> "{child}";' for parent, child in graph.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _dot_node(node: Node) -> str:
    label = "\\n".join(part for part in (node.name, node.words) if part)
    return f'"{node.name}" [label="{label}", {_SHAPES[node.role]}];'


def _dot_plate(dim: str, number: int) -> tuple[list[str], str]:
    head = [f'subgraph "cluster_{number}" {{', f'  label="{dim}"; labeljust=r;']
    return head, "}"


# --------------------------------------------------------------------- Mermaid

_BRACKETS = {
    "data": ("[", "]"),
    "observed": ("([", "])"),
    "latent": ("([", "])"),
    "derived": ("(", ")"),
    "generated": ("([", "])"),
    "known": ("(", ")"),
    "factor": ("{{", "}}"),
}


def print_mermaid(model: Model) -> str:
    """The graph for Markdown pages: a Mermaid flowchart."""
    graph = model_graph(model)
    ids = {node.name: f"n{number}" for number, node in enumerate(graph.nodes)}

    def shown(node: Node) -> str:
        left, right = _BRACKETS[node.role]
        label = "<br>".join(part for part in (node.name, node.words) if part)
        return f'{ids[node.name]}{left}"{label}"{right}:::{node.role}'

    lines = [
        "flowchart TD",
        *_lines(_plates(graph), shown, _mermaid_plate),
        *(f"  {ids[parent]} --> {ids[child]}" for parent, child in graph.edges),
        "  classDef data fill:#e5e5e5",
        "  classDef observed fill:#cccccc",
        "  classDef derived stroke-dasharray:4",
        "  classDef generated stroke-dasharray:4",
    ]
    return "\n".join(lines) + "\n"


def _mermaid_plate(dim: str, number: int) -> tuple[list[str], str]:
    return [f'subgraph p{number}["{dim}"]'], "end"


def _lines(
    root: _Plate,
    show_node: Callable[[Node], str],
    show_plate: Callable[[str, int], tuple[list[str], str]],
) -> list[str]:
    """Nodes and plates, indented; plates are numbered from the outside in."""
    numbers = iter(range(10**9))

    def inside(plate: _Plate, margin: str) -> Iterator[str]:
        yield from (margin + show_node(node) for node in plate.nodes)
        for dim, inner in plate.inner.items():
            head, foot = show_plate(dim, next(numbers))
            yield from (margin + line for line in head)
            yield from inside(inner, margin + "  ")
            yield margin + foot

    return list(inside(root, "  "))
