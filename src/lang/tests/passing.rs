//! Tokens that are gone over without a look, and those beside them that must not be.

use super::{functions, line, numbers, row};

const C: &str = r#"int f(void) {
  double a[] = {1., 2.5, .5}; int n = 1'000;
  const char *s = "if {", *r = R"(} if)"; char c = '{';
  x..if (a) { }
  y./* c */if (b) { } // if (c) {
  d = s.if_not ? 1 : 2; a1if; forif; if (~e) { f = g < h, i > j; }
}
int g(void) { struct S { int a; } s; s.t = ~(1); return s.union_ && s.t; }
int h(void) { else_, if (a) ; auto &&v = w; typedef int &&T; return 0; }
int i(void) { if (a) {} else b, c && d, e && f; return a ? b : c; }
"#;

const GO: &str = r#"package a

func fib(n int, xs ...int) int {
	x := a.
		fib(1)
	y := b[0]
	func() { if n > 1 { y++ } }()
	z := "if" + `for { ` + '{'
	/* if
	*/ if x /* c */ .fib(2) > 1 && fib(n-1) > 0 && // &&
		fib (1) > 1 || ifs[0] { goto fib }
	switch formatted := fib(2); { case 1, 2: default: }
	fib: for { break fib }
	return 1.5 / 2 * x++
}

func (t *T[K]) fib(f func(a, b int) (int, error), s struct{ a int }) (r int) { fib(1); return a && b }
"#;

const PYTHON: &str = r#"def f(a, *, b=lambda x: x or 1, c: "if" = 2):
    x = 1 or"else" and(a)or b"or" + f"{a or b!r:{c}}" if a else 1.or_
    y = [z for z in a if z and 1or 2 or 3], band, forand, _or, a.\
        b or c
    if a: return (1,
        # or and else
        2 or 3)
    match x:
        case {"a": b} | [c, *_] if c or d: pass
        case _: pass
    match = f'''or
else''' or rb"\"or"
    return a and b, c and d
def g(): return 1 \
    or 2
"#;

fn last_lines(path: &str, text: &str) -> Vec<u64> {
    let all = functions(path, text).into_iter();
    all.map(|function| line(text, function.span.end)).collect()
}

#[test]
fn what_is_gone_over_in_c_hides_nothing() {
    let expected = [
        row("f", 5, 4, 0, 1),
        row("g", 2, 1, 0, 0),
        row("h", 2, 3, 0, 1),
        row("i", 5, 5, 0, 1),
    ];
    assert_eq!(numbers("a.c", C), expected);
    assert_eq!(last_lines("a.c", C), [7, 8, 9, 10]);
    for (text, closed) in [
        ("t(){.//\n}", false),
        ("t(){.#\n}", false),
        ("t(){.}", false),
        ("t(){..}", true),
        ("t(){...}", true),
        ("t(){1.}", true),
        ("t(){.5.}", false),
    ] {
        assert_eq!(functions("a.c", text).len() == 1, closed, "{text}");
    }
}

#[test]
fn what_is_gone_over_in_go_hides_nothing() {
    let expected = [row("fib", 8, 11, 2, 2), row("(*T).fib", 2, 1, 2, 0)];
    assert_eq!(numbers("a.go", GO), expected);
    assert_eq!(last_lines("a.go", GO), [15, 17]);
}

#[test]
fn what_is_gone_over_in_python_hides_nothing() {
    let expected = [row("f", 3, 14, 3, 1), row("g", 1, 1, 0, 0)];
    assert_eq!(numbers("a.py", PYTHON), expected);
    assert_eq!(last_lines("a.py", PYTHON), [13, 15]);
}
