"""What the canonical layout looks like, one rule a test."""

from __future__ import annotations

import pytest

from gml.diagnostics.diagnostic import GmlError
from gml.formatting import WIDTH, format_source
from gml.source import Source


def formatted(text):
    once = format_source(Source("m.gml", text))
    assert format_source(Source("m.gml", once)) == once
    return once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mu  ~ normal( 0 ,5 )", "mu ~ normal(0, 5)"),
        ("x=a+b*c/d@e-f", "x = a + b * c / d @ e - f"),
        ("x = - a ^ - 2 - -b", "x = -a^-2 - -b"),
        ("x = not a==b and(c<=d or e>f)", "x = not a == b and (c <= d or e > f)"),
        ("x = if(a)then(b)else-c", "x = if (a) then (b) else -c"),
        ("x = f( ) . g( [ ] , a=1, b = - 1)", "x = f().g([], a=1, b=-1)"),
        ("x = a [ 1 .. n , .. , ..2, t-1 .. ]", "x = a[1..n, .., ..2, t - 1..]"),
        ("x = sum( a over N ,k :K )", "x = sum(a over N, k: K)"),
        ("x = 1 .e5 + y . mean", "x = 1 .e5 + y.mean"),
        ("x = [ 1e0, 2.50, 003 , ]", "x = [1e0, 2.50, 003]"),
        ("factor( a + b )", "factor (a + b)"),
        ("dim N , M=3,K = N,visit( N )", "dim N, M = 3, K = N, visit(N)"),
        ("data y :real < lower = 0 > ? [ N ]", "data y: real<lower=0>?[N]"),
        ("data g:index( K )[ N ]", "data g: index(K)[N]"),
        ("const c:real<upper=a+1> =2", "const c: real<upper=a + 1> = 2"),
        ("param a[n:N,0,1 .. K]:real~d( )", "param a[n: N, 0, 1..K]: real ~ d()"),
        ("fn f( x:real=1 , y =2 )->real=x", "fn f(x: real = 1, y=2) -> real = x"),
        ("@ noncentered y ~ d()", "@noncentered\ny ~ d()"),
        ("@a@ b( c = 1 ) local y = 1", "@a\n@b(c=1)\nlocal y = 1"),
        ("@a\n\n\n## doc\n\ny = 1", "@a\n## doc\n\ny = 1"),
    ],
)
def test_blanks_within_a_line(text, expected):
    assert formatted(text) == expected + "\n"


def test_braces():
    text = (
        "for i in 1 .. T{for j in K{x[i,j]=1}}\n\n"
        "for i in N {\n\n}\n"
        "fn f(x){ y=x\n\n\n return y}\n"
        "dist d(a:real)on real{logpdf(x)=a*x\nmean{return a}\n"
        "reparam r(z~d(1))=z+a\ncheck d(1).mean()~=1.0}"
    )
    assert (
        formatted(text)
        == """\
for i in 1..T {
  for j in K {
    x[i, j] = 1
  }
}

for i in N {}
fn f(x) {
  y = x

  return y
}
dist d(a: real) on real {
  logpdf(x) = a * x
  mean {
    return a
  }
  reparam r(z ~ d(1)) = z + a
  check d(1).mean() ~= 1.0
}
"""
    )


def test_comments_stay_where_they_are():
    text = """\


   # licence
## title


dim N# trailing
    # of y
y = 1   ##no doc
for n in N { # open

  # first

  x[n] = 1
  # last

}   # closed


# the end"""
    assert (
        formatted(text)
        == """\
# licence
## title

dim N  # trailing
# of y
y = 1  ##no doc
for n in N {  # open
  # first

  x[n] = 1
  # last
}  # closed

# the end
"""
    )


def test_comments_inside_brackets():
    text = """\
y ~ f( # open
  a # one
  # two
  , b * # three
  c + d, # four

  # five
)  # six
z = 1
"""
    assert (
        formatted(text)
        == """\
y ~ f(  # open
  a,  # one
  # two
  b
  *  # three
  c
  + d  # four
  # five
)  # six
z = 1
"""
    )


def test_an_argument_a_line_where_they_do_not_fit():
    name = "argument" * 6
    text = f"x = g({name}, {name}, f({name}, {name}))"
    assert (
        formatted(text)
        == f"x = g(\n  {name},\n  {name},\n  f(\n    {name},\n    {name}\n  )\n)\n"
    )
    # 88 characters fit, and a comment takes no room
    whole = f"x = f({name}, {'a' * (WIDTH - len(name) - 9)})"
    assert len(whole) == WIDTH
    assert formatted(f"{whole} # why") == f"{whole}  # why\n"
    assert formatted(whole.replace("aaa", "aaaa", 1)).startswith("x = f(\n")


def test_the_widest_bracket_is_broken():
    short, long = "a" * 20, "b" * 30
    text = f"x[1, 2] = f({short}, 1) + g({long}, {short}) / h({short})"
    assert (
        formatted(text)
        == f"""\
x[1, 2] = f({short}, 1) + g(
  {long},
  {short}
) / h({short})
"""
    )
    head = f"dist {long}({short}: real<lower=0>[N], {long}: int) on real {{"
    assert (
        formatted(f"{head}mean=1}}")
        == f"""\
dist {long}(
  {short}: real<lower=0>[N],
  {long}: int
) on real {{
  mean = 1
}}
"""
    )


def test_what_stands_alone_is_broken_before_its_loosest_operators():
    a, b = "a" * 30, "b" * 40
    assert (
        formatted(f"x = ({a} * {b} + {a} - {b})")
        == f"x = (\n  {a} * {b}\n  + {a}\n  - {b}\n)\n"
    )
    assert (
        formatted(f"x = f(if c == 0 or d then {a} else if c then {b} else d)")
        == f"""\
x = f(
  if c == 0 or d then {a}
  else if c then {b}
  else d
)
"""
    )
    assert (
        formatted(f"x = sum({a} * {b} over n: N, k: K)")
        == f"x = sum(\n  {a} * {b}\n  over n: N, k: K\n)\n"
    )
    assert (
        formatted(f"x = f(1, {a} + {a} * {b} * {b})")
        == f"x = f(\n  1,\n  {a}\n  + {a}\n  * {b}\n  * {b}\n)\n"
    )


def test_what_has_no_brackets_stays_long():
    text = f"x = {'a' * 50} + {'b' * 50}\ny[1] = {'a' * 50} + f({'b' * 50})\n"
    assert formatted(text) == text


def test_what_was_broken_and_fits_is_joined():
    assert formatted("x = f(\n  a,\n\n  b,\n)\n") == "x = f(a, b)\n"


def test_lines_end_as_the_first_one_does():
    assert (
        formatted("\ufeffx  = 1 # c \r\n\r\n\r\ny=2") == "x = 1  # c\r\n\r\ny = 2\r\n"
    )
    assert formatted("x = 1\ny = 2\r\n") == "x = 1\ny = 2\n"


@pytest.mark.parametrize(
    "inside",
    ["a", "a # why\n", "a, b", "a\n# why\n"],
)
def test_deep_nesting(inside):
    for opener, depth in (("(", 150), ("f(1, ", 55), ("x[", 55)):
        closer = "]" if opener == "x[" else ")"
        if opener == "(" and "," in inside:
            continue
        text = f"x = {opener * depth}{inside}{closer * depth}\n"
        assert formatted(text).count(opener.strip(" ,1")) == depth


def test_a_wrong_source_gets_its_diagnostics():
    with pytest.raises(GmlError) as caught:
        format_source(Source("m.gml", "x = (1"))
    assert [d.code for d in caught.value.diagnostics] == ["GML0102"]
