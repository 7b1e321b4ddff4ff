"""The places where implementations of FEEL go wrong, each with the right answer."""

import pytest

TRUE = """
-2 ** 2 = 4
2 ** 3 ** 2 = 64
0.1 + 0.2 = 0.3
1e3 = 1000
1 between 0 and 2 and true
1 + 1 instance of number = false or true
(for i in 3..1 return i) = [3, 2, 1]
(for i in (1..4) return i) = [2, 3]
count(for d in @"2026-01-01"..@"2026-01-03" return d) = 3
count(for d in [@"2026-01-01"..@"2026-01-03") return d) = 2
[1, 2, 3][-1] = 3
5[1] = 5
null[true] = []
2 in [1..3]
2 in (1, 2)
2 in (> 1)
2 in (5, [1..3])
[1, 2] in [1, 2]
5 in [1, [3..7]]
"\\d" = "\\\\d"
string length("\\uD83D\\uDC0E") = 1
string length("\\U01F40E") = 1
"\\U01F40E" = "\\uD83D\\uDC0E"
(< 5).end = 5
(< 5) != [null..5)
(= 10) != [10..10]
date and time("2026-03-29T00:00:00@Europe/Berlin") + duration("PT24H") = date and time("2026-03-30T01:00:00@Europe/Berlin")
date("2026-01-01") + duration("P1DT12H") = date("2026-01-02")
date("2026-01-31") + duration("P1M") = date("2026-02-28")
time("24:00:00") = time("00:00:00")
date and time("2026-01-01T24:00:00") = date and time("2026-01-02T00:00:00")
date and time("2026-01-01T08:00:00+08:00") = date and time("2026-01-01T00:00:00Z")
substring before("abc", "") = ""
substring after("abc", "") = "abc"
replace("abc", "(b)", "[$1]") = "a[b]c"
replace("abc", "b", "\\\\$") = "a$c"
matches("a b", "a[ ]b", "x")
not(matches("a\\rb", "a.b"))
count([]) = 0
all([])
any([]) = false
mode([]) = []
sum(1, 2, 3) = 6
min("b", "a") = "a"
max(@"P1D", @"P2D") = @"P2D"
is defined(sum([])) = false
sort([3, 1, 2], function(a, b) a > b) = [3, 2, 1]
string(1.50) = "1.5"
string(1e3) = "1000"
string(-0) = "0"
decimal(2.5, 0) = 2
round half up(2.5, 0) = 3
floor(-1.5) = -2
modulo(-5, 3) = 1
string(duration("PT36H")) = "P1DT12H"
string(duration("P14M")) = "P1Y2M"
duration("P2D") / duration("P1D") = 2
1 in ]0..2[
{a: 1, b: 2} = {b: 2, a: 1}
if null = null then true else false
every x in [] satisfies false
some x in [1, 2] satisfies x > 1
""".strip().split("\n")
NULL = """
missing > 3
5 in [1..missing]
5 in (> missing)
[1] = 1
"1" = 1
@"P1M" > @"P1D"
@"P1M" = @"P30D"
"a" < 1
[1, 2][0]
[1, 2][3]
for i in [3..1] return i
substring("abc", 0)
replace("abc", "x*", "y")
sum([])
0 ** -1
min(1, null)
max(1, "a")
date and time("2026-01-01T00:00:00") < date and time("2026-01-01T00:00:00Z")
date and time("2026-01-01T00:00:00Z") - date and time("2026-01-01T00:00:00")
true and null
false or null
not(null)
not(5)
abs(m: -1)
abs()
abs(1, 2)
date("2026-02-30")
date("26-02-03")
@"nonsense"
""".strip().split("\n")


@pytest.mark.parametrize("text", TRUE)
def test_it_holds(value, text) -> None:
    assert value(text) is True


@pytest.mark.parametrize("text", NULL)
def test_it_has_no_value(value, text) -> None:
    assert value(text) is None


@pytest.mark.parametrize(
    ("cell", "given", "taken"),
    [
        ("-", None, True),
        ("", 5, True),
        ("> 5", 6, True),
        ("> 5", None, False),
        ("> missing", 6, False),
        ("5", 5, True),
        ("5, 6", 6, True),
        ("[1..3]", 3, True),
        ("[1..3)", 3, False),
        ('"L1", "L2"', "L2", True),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ("not(> 5)", 3, True),
        ("? > 5", 6, True),
        ("? + 1 = 7", 6, True),
        ("true", True, True),
        ("true", None, False),
        ("false", False, True),
        ("null", None, True),
        ("[1, 2, 3]", 2, True),
        ("5 > 3", 1, True),
        ('contains(?, "ab")', "cab", True),
        ('< @"2026-01-01"', "text", False),
    ],
)
def test_a_cell_takes_or_leaves_its_input(takes, cell, given, taken) -> None:
    assert takes(cell, given) is taken


def test_a_number_keeps_its_digits_between_data_and_data(value) -> None:
    assert value("x + 0.1", x=0.2) == 0.3
    assert value("x", x=12345678901234567890) == 12345678901234567890
