import pytest


@pytest.fixture
def accept(request, monkeypatch):
    """Set --accept for one test, however pytest was called."""
    return lambda is_on: monkeypatch.setattr(request.config.option, "accept", is_on)


def test_equal_text_passes_and_other_text_shows_a_diff(golden, accept, tmp_path):
    accept(False)
    path = tmp_path / "a.txt"
    path.write_text("one\ntwo\n", "utf-8")
    golden(path, "one\ntwo\n")
    with pytest.raises(pytest.fail.Exception, match=r"-two\n\+three"):
        golden(path, "one\nthree\n")
    assert path.read_text("utf-8") == "one\ntwo\n"


def test_missing_file_fails_even_for_an_empty_text(golden, accept, tmp_path):
    accept(False)
    with pytest.raises(pytest.fail.Exception, match="make golden"):
        golden(tmp_path / "absent.txt", "")


def test_accept_writes_the_text(golden, accept, tmp_path):
    accept(True)
    path = tmp_path / "new" / "a.txt"
    golden(path, "text\n")
    assert path.read_text("utf-8") == "text\n"
