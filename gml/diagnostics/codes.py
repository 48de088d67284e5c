"""Every code a user can see, with what it stands for in one line.

The first two digits say where the mistake is: 01 syntax, 02 names, 03 types,
04 shapes, 05 supports, 06 data, 07 sampling, 08 usage and files, 09 roles; 0999 is
a bug of the compiler. A code keeps its meaning for ever; a title may be improved.
"""

from __future__ import annotations

_SYNTAX = {
    "GML0101": "unexpected token",
    "GML0102": "unclosed bracket",
    "GML0103": "not a model: another kind of file that is named .gml",
    "GML0104": "unexpected character",
    "GML0105": "unexpected end of file",
    "GML0106": "closing bracket without an opening one",
    "GML0107": "reserved word used as a name",
    "GML0108": "not written this way in GML",
    "GML0109": "number cannot be read",
    "GML0110": "string is not closed",
    "GML0111": "file is not UTF-8 text",
    "GML0112": "decorator without a declaration after it",
    "GML0113": "model is empty",
    "GML0114": "comparisons cannot be chained",
    "GML0115": "nested too deeply",
    "GML0116": "line without `=` or `~`",
}

_NAMES = {
    "GML0201": "unknown name",
    "GML0202": "defined twice",
    "GML0203": "unknown distribution",
    "GML0204": "unknown function",
    "GML0205": "unknown or superfluous argument",
    "GML0206": "missing argument",
    "GML0207": "circular definition",
    "GML0208": "recursion without end",
}

_TYPES = {
    "GML0301": "unknown type",
    "GML0302": "wrong type",
    "GML0303": "data are of another kind than the distribution's values",
    "GML0304": "type takes other arguments",
    "GML0305": "not allowed here",
}

_SHAPES = {
    "GML0401": "dims do not fit",
    "GML0402": "unknown dim",
    "GML0404": "dim has no size",
    "GML0405": "reduction over a dim that is not there",
    "GML0406": "wrong number of indices",
    "GML0407": "`@` without exactly one shared dim",
    "GML0408": "elements without a value",
    "GML0409": "index into another dim",
    "GML0410": "plain int used as an index",
    "GML0411": "index outside its dim",
    "GML0412": "range whose dim cannot be told",
    "GML0413": "dims that are not ragged in this way",
    "GML0415": "not a square matrix",
    "GML0416": "dims of a matrix that cannot be told",
}

_SUPPORTS = {
    "GML0501": "argument may leave its support",
    "GML0502": "declared support outside the distribution's",
    "GML0503": "discrete parameter",
    "GML0504": "generated value cannot be narrowed",
    "GML0505": "data narrowed outside their declaration",
    "GML0506": "no non-centred form",
    "GML0507": "unknown decorator",
    "GML0508": "distribution cannot be sampled from",
    "GML0509": "left side of `~` is not a name",
}

_DATA = {
    "GML0601": "data name is missing",
    "GML0602": "data have the wrong shape",
    "GML0603": "data have the wrong type",
    "GML0604": "data are NaN or infinite",
    "GML0605": "data leave their declared bounds",
    "GML0606": "index out of range",
    "GML0608": "data file cannot be read",
    "GML0609": "data needed but none given",
    "GML0610": "rows of unequal length",
    "GML0611": "setting is not of the form name=value",
    "GML0612": "label is unknown, missing or there twice",
    "GML0613": "order of labels is not known",
    "GML0614": "elements of a ragged dim without a parent",
}

_SAMPLING = {
    "GML0701": "no finite start",
    "GML0702": "every proposal was rejected",
    "GML0703": "divergent transitions",
    "GML0704": "chains disagree",
    "GML0705": "too few effective draws",
    "GML0706": "nothing to sample",
    "GML0708": "backend cannot run this model",
    "GML0709": "step size collapsed: not enough precision",
    "GML0710": "chain is stuck",
    "GML0711": "energy changes slowly between draws",
    "GML0712": "heavy tails",
    "GML0713": "draws cannot be stored",
    "GML0714": "not enough memory",
    "GML0721": "site cannot be drawn from its prior",
    "GML0722": "prior has almost no mass where it is declared to lie",
    "GML0723": "data cannot be simulated: they depend on themselves",
    "GML0724": "no pointwise log likelihood",
}

_USAGE = {
    "GML0801": "no such file",
    "GML0802": "file cannot be read or written",
    "GML0803": "unknown option or value",
    "GML0804": "unknown kind of output file",
    "GML0805": "MLX is not installed",
    "GML0807": "unknown sampler or backend",
    "GML0808": "device not available",
    "GML0809": "stored run was begun otherwise",
    "GML0810": "stored run cannot be read",
    "GML0811": "another run is in the way",
    "GML0812": "precision not available",
}

_ROLES = {
    "GML0901": "role assertion fails",
    "GML0902": "data cannot be redefined",
    "GML0903": "must be known before sampling",
    "GML0904": "data never used",
    "GML0905": "nothing is observed",
    "GML0906": "missing cells without a distribution",
    "GML0907": "missing cells without one support",
    "GML0999": "bug in the compiler",
}

CODES: dict[str, str] = {
    **_SYNTAX,
    **_NAMES,
    **_TYPES,
    **_SHAPES,
    **_SUPPORTS,
    **_DATA,
    **_SAMPLING,
    **_USAGE,
    **_ROLES,
}
