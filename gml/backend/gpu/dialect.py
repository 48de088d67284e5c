"""What CUDA and Metal do not share: a text of types and macros, and a few facts."""

from __future__ import annotations

from importlib.resources import files

from attrs import frozen


@frozen
class Dialect:
    """One language for kernels.

    Attributes
    ----------
    name
        As `--emit` calls it.
    header
        The file of this package with its types and macros.
    shared_bytes
        What a block may use of the memory that its threads share.
    words
        Names that a model's names must not be in this language.
    """

    name: str
    header: str
    shared_bytes: int
    words: frozenset[str]


def text_of(name: str) -> str:
    """A text of this package."""
    return files("gml.backend.gpu").joinpath(name).read_text(encoding="utf-8")


CPP_WORDS = frozenset(
    """
    alignas alignof and and_eq asm bitand bitor catch char16_t char32_t class compl
    concept const_cast constexpr decltype delete dynamic_cast explicit export friend
    mutable namespace new noexcept not not_eq operator or or_eq private protected
    public reinterpret_cast requires static_assert static_cast template this
    thread_local throw try typeid typename using virtual wchar_t xor xor_eq uint
    ushort uchar ulong size_t min max abs half
    """.split()  # noqa: SIM905  a list of words reads better so
)
OUR_WORDS = frozenset(
    """
    NDIM OWN LANES PRIVATE SHARED DEVICE DATA POSITION MATRICES ROW SHARE ROOM FIRST
    UNROLL INLINE OUTLINE C P0 P1 P2 X2 X4 lane chain chains whole inf at shares
    reals integers matrices words scalars vectors numbers score_out wants_score
    """.split()  # noqa: SIM905  a list of words reads better so
)
"""Names of the generated text itself."""
