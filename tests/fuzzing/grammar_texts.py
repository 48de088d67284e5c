"""Random texts that follow the compiler's own grammar, and random words of it."""

from __future__ import annotations

from functools import cache
from random import Random

import lark
from attrs import frozen
from lark.grammar import NonTerminal, Rule
from lark.lexer import PatternStr

from gml.driver import standard_library
from gml.resources import grammar_path

_TYPES = [
    "real",
    "int",
    "bool",
    "index",
    "ordered",
    "positive_ordered",
    "simplex",
    "unit_vector",
]
_TYPES += ["sum_to_zero", "cov_matrix", "corr_matrix", "cholesky_cov", "cholesky_corr"]
_OWN = [
    "x",
    "y",
    "z",
    "mu",
    "tau",
    "theta",
    "N",
    "J",
    "K",
    "n",
    "j",
    "k",
    "t",
    "a",
    "b",
    "f",
    "lower",
    "upper",
    "size",
]
_CALLED = [
    "sum",
    "mean",
    "log",
    "exp",
    "sqrt",
    "cholesky",
    "truncated",
    "censored",
    "mixture",
    "ode",
]
_CALLED += [
    "hurdle",
    "zero_inflated",
    "logsumexp",
    "prod",
    "max",
    "min",
    "noncentered",
    "sample",
]
_NUMBERS = ["0.0", "1.5", "2e3", "1e-300", "1e308", "1e999", "0.1", "3.25", "5e-324"]
_INTEGERS = ["0", "1", "2", "3", "7", "100", "2147483648", "99999999999999999999"]


@frozen
class _Tables:
    rules: dict[str, tuple[Rule, ...]]
    depths: dict[str, int]
    spellings: dict[str, str]
    names: tuple[str, ...]


@cache
def tables() -> _Tables:
    """What the walk needs of the grammar; the least depth of each rule among it."""
    text = (grammar_path() / "gml.lark").read_text("utf-8")
    parser = lark.Lark(text, start="model", parser="lalr", lexer="basic")
    rules: dict[str, tuple[Rule, ...]] = {}
    for rule in parser.rules:
        rules[rule.origin.name] = (*rules.get(rule.origin.name, ()), rule)
    depths: dict[str, int] = {}
    for _ in rules:
        for name, choices in rules.items():
            known = [d for d in (_depth(r, depths) for r in choices) if d is not None]
            if known:
                depths[name] = 1 + min(known)
    spellings = {
        t.name: t.pattern.value
        for t in parser.terminals
        if isinstance(t.pattern, PatternStr)
    }
    library = sorted(standard_library())
    return _Tables(rules, depths, spellings, (*_TYPES, *_OWN * 6, *_CALLED, *library))


def _depth(rule: Rule, depths: dict[str, int]) -> int | None:
    inner = [depths.get(s.name) for s in rule.expansion if isinstance(s, NonTerminal)]
    return None if None in inner else max((d for d in inner if d), default=0)


def grammar_text(rng: Random) -> str:
    """A text of a few items that the grammar accepts."""
    items = [
        " ".join(_walk("_item", rng.randint(6, 26), rng))
        for _ in range(rng.randint(1, 6))
    ]
    return "\n".join(items)


def _walk(name: str, depth: int, rng: Random) -> list[str]:
    """The words of a rule, in the shortest way once the depth is used up."""
    known = tables()
    choices = known.rules[name]
    costs = [_depth(rule, known.depths) or 0 for rule in choices]
    fitting = [r for r, c in zip(choices, costs, strict=True) if c <= depth]
    least = [r for r, c in zip(choices, costs, strict=True) if c == min(costs)]
    words: list[str] = []
    for symbol in rng.choice(fitting or least).expansion:
        if isinstance(symbol, NonTerminal):
            words += _walk(symbol.name, depth - 1, rng)
        else:
            words.append(terminal(symbol.name, rng))
    return words


def terminal(name: str, rng: Random) -> str:
    """A text of a terminal."""
    match name:
        case "NAME":
            return rng.choice(tables().names)
        case "NUMBER":
            return rng.choice(_NUMBERS)
        case "INTEGER":
            return rng.choice(_INTEGERS)
        case "STRING":
            return rng.choice(['""', '"a"', '"é b"'])
        case "_NL":
            return "\n"
        case _:
            return tables().spellings.get(name, "$")


def word_soup(rng: Random) -> str:
    """Words of the language in any order."""
    names = [*tables().spellings, *["NAME"] * 30, "NUMBER", "INTEGER", *["_NL"] * 6]
    names += ["STRING", "UNKNOWN"]
    count = rng.choice([3, 10, 40, 120])
    return " ".join(terminal(rng.choice(names), rng) for _ in range(count))
