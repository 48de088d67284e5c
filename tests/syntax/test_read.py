import pytest

from gml.diagnostics.diagnostic import GmlError
from gml.syntax.read import read_source


def test_text_comes_as_it_is(tmp_path):
    path = tmp_path / "a.gml"
    path.write_bytes("# é\r\nx = 1".encode())
    source = read_source(path)
    assert (source.name, source.text) == (str(path), "# é\r\nx = 1")


@pytest.mark.parametrize(
    ("make", "code", "exit_code"),
    [
        (lambda path: None, "GML0801", 2),
        (lambda path: path.mkdir(), "GML0802", 2),
        (lambda path: path.write_bytes(b"x = \xff\xfe\x00"), "GML0111", 1),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, make, code, exit_code):
    path = tmp_path / "a.gml"
    make(path)
    with pytest.raises(GmlError) as caught:
        read_source(path)
    assert [d.code for d in caught.value.diagnostics] == [code]
    assert caught.value.exit_code == exit_code
    assert str(path) in caught.value.diagnostics[0].message
