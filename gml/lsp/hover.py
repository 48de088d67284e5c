"""What a name is, when the pointer rests on it."""

from __future__ import annotations

from lsprotocol import types as lsp

from gml.lsp.document import Document, Place
from gml.lsp.facts import Fact
from gml.lsp.library import Callable
from gml.lsp.lookup import callable_of, definitions, fact_of
from gml.lsp.names import Kind

TYPES = {
    "real": "A real number; `real<lower=0, upper=1>` lies between bounds.",
    "int": "A whole number.",
    "bool": "true or false.",
    "index": "`index(K)`: a position in the dim K, from 0.",
    "ordered": "`ordered[K]`: a vector whose elements increase.",
    "positive_ordered": "`positive_ordered[K]`: the same, from above zero.",
    "simplex": "`simplex[K]`: a vector of non-negative elements that sum to one.",
    "unit_vector": "`unit_vector[K]`: a vector of length one.",
    "sum_to_zero": "`sum_to_zero[K]`: a vector whose elements sum to zero.",
    "cov_matrix": "`cov_matrix[K, J]`: a symmetric positive definite matrix; J is an "
    "alias of K.",
    "corr_matrix": "`corr_matrix[K, J]`: the same with ones on the diagonal.",
    "cholesky_cov": "`cholesky_cov[K, J]`: a lower triangle with a positive diagonal, "
    "the Cholesky factor of a covariance.",
    "cholesky_corr": "`cholesky_corr[K, J]`: the same with rows of length one, the "
    "factor of a correlation.",
    "row_stochastic": "`row_stochastic[K, J]`: a matrix whose rows are simplexes.",
}
DECORATORS = {
    "noncentered": "Sampled by way of a standardised variable, which helps where data "
    "say little about each element. The name keeps its meaning in all output.",
    "centered": "Sampled as it is written.",
}
AUTO = "`@noncentered(auto)`: how far to centre each element is learnt in the warm-up."


def hover(document: Document, position: lsp.Position) -> lsp.Hover | None:
    """The type, role and documentation of the name at a position."""
    state = document.state
    place = state.at(state.offset(position))
    if place is None:
        return None
    text = describe(document, place)
    if text is None:
        return None
    content = lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
    return lsp.Hover(content, state.range(place.start, place.end))


def describe(document: Document, place: Place) -> str | None:
    """The same as Markdown."""
    name = place.key.name
    match place.kind:
        case Kind.TYPE:
            return TYPES.get(name)
        case Kind.DECORATOR:
            return AUTO if name == "auto" else DECORATORS.get(name)
        case Kind.CALLABLE:
            found = callable_of(document.state, name)
            return None if found is None else describe_callable(found)
        case Kind.MEMBER | Kind.KEYWORD:
            return _of_owner(document, place)
        case _:
            return _value(document, place)


def describe_callable(found: Callable) -> str:
    """Signature and documentation."""
    word = "dist" if found.is_distribution else "fn"
    word = "model" if found.is_component else word
    return _page(f"{word} {found.signature}", found.doc)


def _of_owner(document: Document, place: Place) -> str | None:
    owner = place.key.owner
    facts = document.analysis.facts if document.analysis else {}
    part = facts.get(f"{owner}.{place.key.name}") if owner else None
    if part is not None:
        return _of_fact(f"{owner}.{place.key.name}", part)
    found = callable_of(document.state, owner) if owner else None
    if found is None:
        return None
    parameter = next(
        (p for p in found.parameters if p.partition(":")[0].strip() == place.key.name),
        None,
    )
    of = f"of `{found.signature}`"
    code = f"{parameter}" if parameter else f"{owner}(..).{place.key.name}"
    return _page(code, of)


def _value(document: Document, place: Place) -> str | None:
    fact = fact_of(document, place)
    homes = definitions(document.state, place)
    docs = [document.state.doc_above(home.start) for home in homes]
    doc = next((text for text in docs if text and place.key.scope is None), "")
    if fact is None:
        detail = next((home.occurrence.detail for home in homes), "")
        return _page(f"{place.key.name}: {detail}", doc) if detail else None
    if fact.word == "dim":
        return _page(f"dim {place.key.name}", doc, fact.note)
    return _of_fact(place.key.name, fact, doc)


def _of_fact(name: str, fact: Fact, doc: str = "") -> str:
    note = f"`{fact.note}`" if fact.note.startswith("~") else fact.note
    return _page(f"{fact.word} {name}: {fact.type}", doc, note)


def _page(code: str, *texts: str) -> str:
    return "\n\n".join([f"```gml-ppl\n{code}\n```", *filter(None, texts)])
