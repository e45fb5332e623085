//! Counting as lizard and as SonarSource's analyzers do.

use crate::lang::{Compat, Counting, LANGUAGES, find};

fn counts(path: &str, text: &str, tool: Compat) -> Vec<(String, u32)> {
    let counting = Counting {
        compat: Some(tool),
        ..Counting::default()
    };
    let language = find(path, b"").expect("a known language");
    let all = language.count(text.as_bytes(), &counting);
    all.expect("readable")
        .into_iter()
        .map(|function| (function.name, function.cyclomatic))
        .collect()
}

fn check(path: &str, text: &str, lizard: &[(&str, u32)], sonar: &[(&str, u32)]) {
    for (tool, expected) in [(Compat::Lizard, lizard), (Compat::Sonar, sonar)] {
        let found = counts(path, text, tool);
        let found: Vec<(&str, u32)> = found.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(found, expected, "{path} {tool:?}");
    }
}

#[test]
fn python_counts_operators_and_inner_functions_apart() {
    let text = "def a(x):\n    def b():\n        if x: pass\n    try:\n        y = [i for i in x if i and x]\n    except E:\n        \
                pass\n    finally:\n        pass\n    match x:\n        case 1: pass\n        case _: pass\n    return 1 if x or y \
                else 2\n";
    check(
        "a.py",
        text,
        &[("a", 10), ("a.b", 2)],
        &[("a", 7), ("a.b", 2)],
    );
}

#[test]
fn what_only_eslint_counts_is_left_out() {
    let text = "function a(x = 1) { const y = x?.z ?? 2; try { if (x && y || x) return; } catch (e) {} for (;;) switch (x) { case 1: default: } \
                return x ? 1 : 2; }\n";
    check("a.js", text, &[("a", 10)], &[("a", 7)]);
}

#[test]
fn the_first_arm_of_rust_and_kotlin_is_none_for_lizard() {
    let rust = "fn a(x: Option<u8>) -> Option<u8> { loop { match x { Some(1) => {} Some(2) => {} _ => break } } x? ; None }\n";
    check("a.rs", rust, &[("a", 4)], &[("a", 4)]);
    let kotlin = "fun a(x: Int) {\n  when (x) { 1 -> b(); else -> c() }\n  x.let { break }\n  val y = x ?: 1\n}\n";
    check("a.kt", kotlin, &[("a", 3)], &[("a", 3)]);
}

#[test]
fn ruby_and_csharp_have_other_words() {
    let ruby = "def a\n  b unless c\n  d.each { |x| x&.e }\nrescue E\n  1\nrescue F\n  2\nensure\n  3\nend\n";
    check("a.rb", ruby, &[("a", 4)], &[("a", 2)]);
    let csharp = "class A { int F(int? a) { foreach (var b in c) { if (b?.d ?? e) return 1; } return a switch { 1 => 2, _ => 3 }; } }\n";
    check("a.cs", csharp, &[("A::F", 4)], &[("A.F", 5)]);
}

#[test]
fn languages_that_are_lizards_stay_what_they_are() {
    let text = "int f(int a) { if (a && 1) return a ? 1 : 2; do { a--; } while (a); switch (a) { case 1: break; } return 0; }\n";
    for language in LANGUAGES
        .iter()
        .filter(|language| matches!(language.id, "c" | "cpp"))
    {
        let counting = Counting {
            compat: Some(Compat::Lizard),
            ..Counting::default()
        };
        let own = (language.functions)(text.as_bytes());
        assert_eq!(language.count(text.as_bytes(), &counting), own);
    }
}

#[test]
fn annotated_methods_of_java_stand_where_lizard_puts_them() {
    let text = "class A {\n  @Override\n  @Named(value = \"a\")\n  void f(int a) { if (a > 1) g(); }\n  @Named(value = \"b\")\n  void g() {}\n  @Override\n  @Old\n  \
                @Named(\")\")\n  void h() {}\n  @Override @Named({\"c\"})\n  @Old\n  void i() {}\n}\n";
    let lines = |counting: &Counting| -> Vec<usize> {
        let language = find("A.java", b"").expect("a known language");
        let all = language.count(text.as_bytes(), counting);
        all.expect("readable")
            .iter()
            .map(|function| text[..function.name_span.start].lines().count())
            .collect()
    };
    assert_eq!(lines(&Counting::default()), [3, 6, 10, 13]);
}

#[test]
fn kotlin_has_the_functions_that_lizard_sees() {
    let lizard = |text: &str| counts("a.kt", text, Compat::Lizard);
    let named = |pairs: &[(&str, u32)]| -> Vec<(String, u32)> {
        pairs
            .iter()
            .map(|&(name, n)| (name.to_owned(), n))
            .collect()
    };
    let bodies = "class A {\n  val b: Int get() = if (c) 1 else 2\n  fun <T> d(x: T, if: Int) = when (x) {\n    1 -> f { y && z }\n    2, 3 -> g\n    else -> h\n  }\n  \
                  fun i() { j?.k() ?: l; m!!.n() }\n}\n";
    assert_eq!(lizard(bodies), named(&[("get", 2), ("d", 4), ("i", 2)]));
    // An arrow starts a function whose body is the next block; a function of another type has its type's name, and never ends.
    let lost = "fun a() {\n  b.map { c -> d }\n  if (e) { f }\n}\nfun String.g() { h }\n";
    assert_eq!(lizard(lost), named(&[("(anonymous)", 2)]));
    assert_eq!(
        lizard("interface A { fun b() { c } }\nfun d() { fun e() { } }"),
        named(&[("d", 1), ("e", 1)])
    );
    assert_eq!(
        lizard("fun a() = b::class.c(if (d) { 1 } else 2)"),
        named(&[("a", 2)])
    );
}

#[test]
fn ruby_has_the_functions_that_lizard_sees() {
    let text = "class A\n  def self.b(c)\n    d \"x#{e ? \"if\" : 'y'} if #{f}\" if g\n    while h do i end\n    j = k ? /\\[if/ : %w(l if) # if\n  ensure\n    m\n  end\n  \
                it \"n\" do\n    o and p\n  end\n  def q; r.if { |s| s.begin }; end\n=begin\n  def t\n=end\nend\n";
    let expected = [("self.b", 6), ("\"n\"", 2), ("q", 2)];
    let expected = expected.map(|(name, n): (&str, u32)| (name.to_owned(), n));
    assert_eq!(counts("a.rb", text, Compat::Lizard), expected);
    // What lizard cannot read as far as that holds the functions in front of it.
    let open = "def a\n  b if c\nend\ndef d\n  \"#{e";
    assert_eq!(counts("a.rb", open, Compat::Lizard), [("a".to_owned(), 2)]);
}

/// The functions that lizard sees in `text`, as a test of it said.
fn lizard_sees(path: &str, text: &str, expected: &[(&str, u32)]) {
    let found = counts(path, text, Compat::Lizard);
    let found: Vec<(&str, u32)> = found.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    assert_eq!(found, expected, "{path}");
}

#[test]
fn java_has_the_functions_that_lizard_sees() {
    let text = "enum A {\n  B(1) { int f() { return g ? 1 : 2; } };\n  static { if (a) b(); }\n  @Override @Named(\"x\") public void c() { new D() { void e() { if (h) i(); } }; }\n  \
                record R(int x) { R { } int y() { return x > 1 && x < 2 ? 1 : 2; } }\n}\n@interface C { int d() default 1; }\nclass E { void f() { } }\n";
    lizard_sees(
        "A.java",
        text,
        &[
            ("A::B", 2),
            ("A::Named", 1),
            ("(anonymous)::e", 2),
            ("R::y", 3),
        ],
    );
}

#[test]
fn csharp_has_the_functions_that_lizard_sees() {
    let text = "namespace N { class A {\n  int P { get { if (a) return b ?? c; return 1; } }\n  int F(int? a) => a ?? 1;\n  public A() : base(1) { foreach (var b in c) { d?.e(); } }\n  \
                ~A() { }\n  static bool operator ==(A a, A b) { return a && b; }\n} }\n";
    lizard_sees(
        "a.cs",
        text,
        &[
            ("A::F", 2),
            ("A::A", 2),
            ("A::~A", 1),
            ("A::operator ==", 2),
        ],
    );
}

#[test]
fn rust_has_the_functions_that_lizard_sees() {
    let text = "macro_rules! m { () => { fn g() { if a { } } } }\nfn a<T>(x: T) -> u8 where T: B {\n  let Some(c) = d else { return 1 };\n  if e { 1 } else { 2 }\n  \
                match (f, { g }) { 1 => 2, 'h' if i => 3, _ => 4 }?;\n  loop { break 'j'; }\n}\ntrait K { fn l(); fn m() { } }\n";
    lizard_sees("a.rs", text, &[("g", 2), ("a", 4), ("l", 1)]);
}

#[test]
fn go_has_the_functions_that_lizard_sees() {
    let text = "package a\nvar b func(int) = func(c int) { if c > 1 { } }\ntype D struct { e func() }\nfunc (d *D) F[T any](g func(T) (int, error)) func() {\n  \
                h := func() { select { case <-i: } }\n  var j []func()\n  return func() (k int) { for { } }\n}\nvar l = `func m() {`\n";
    lizard_sees(
        "a.go",
        text,
        &[("b", 2), ("F", 1), ("anonymous__0", 2), ("anonymous__1", 2)],
    );
}

#[test]
fn php_declarations_with_a_type_take_the_next_body_as_lizard_says() {
    let text =
        "<?php\ninterface A { function b(): C; function c() { if ($d) { } } }\nfunction e() { }\n";
    lizard_sees("a.php", text, &[("A::b", 2), ("e", 1)]);
    let own = super::functions("a.php", text);
    assert_eq!(
        own.iter().map(|f| f.cyclomatic).collect::<Vec<_>>(),
        [1, 2, 1]
    );
}

#[test]
fn no_function_has_less_than_one_path() {
    lizard_sees("a.kt", "fun a() = when (b) { }\n", &[("a", 1)]);
}

#[test]
fn what_gocyclo_is_to_leave_out_is_left_out_as_lizard_too() {
    let text = "package a\n\n// B does it.\n//gocyclo:ignore\nfunc B() {\n\tc := func() { }\n}\nfunc d() { }\n";
    lizard_sees("a.go", text, &[("d", 1)]);
}

#[test]
fn javascript_has_the_functions_that_lizard_sees() {
    let text = "function a(b = c || 1, { d = 2, e: [f] = [] }) {\n  const g = (h, i = 3) => h ? i?.j ?? 1 : `k ${l && m ? 1 : 2}`;\n  n.o(function () { if (/[\"/]/.test(p)) q(); });\n  \
                return r(s?t:u);\n}\nclass V {\n  get w() { return 1 }\n  static async x(y) { for (const [z = 1] of y) await z; }\n  ['A' + b]() {}\n  c = () => { switch (d) { case 1: } };\n}\n\
                const e = { f: function () {}, g: 1 };\n";
    lizard_sees(
        "a.js",
        text,
        &[
            ("a", 5),
            ("g", 4),
            ("(anonymous)", 2),
            ("get w", 1),
            ("x", 3),
            ("ab", 1),
            ("f", 1),
        ],
    );
}

#[test]
fn typescript_has_the_functions_that_lizard_sees() {
    let text = "declare function a(b: string): void;\ninterface C { d(): void; }\ntype E = { f: () => void };\nabstract class G<T> {\n  abstract h(): void;\n  i<U>(j: U, k?: Map<T, U>): Array<U> { return j ? [j] : []; }\n}\n\
                export const l = async (m: number): Promise<void> => { if (m) n(); };\nfunction o(p: number): number;\nfunction o(p: any) { return p; }\n";
    lizard_sees("a.ts", text, &[("i", 2), ("l", 2), ("o", 1), ("o", 1)]);
}

#[test]
fn elements_hold_functions_for_lizard() {
    let text = "export const A = ({ b, c }) => {\n  return <div\n    className=\"don't\"\n    onClick={() => b && c()}>\n    it's {b ? <i>x</i> : null}\n  </div>;\n};\nfunction D() { if (e) f(); }\n";
    for path in ["a.jsx", "a.tsx"] {
        let found = counts(path, text, Compat::Lizard);
        let named = |name: &str| {
            found
                .iter()
                .find(|found| found.0 == name)
                .map(|found| found.1)
        };
        assert_eq!(
            (named("A"), named("D")),
            (Some(2), Some(2)),
            "{path}: {found:?}"
        );
    }
}

#[test]
fn what_the_grammar_knows_goes_to_the_functions_that_lizard_sees() {
    let text =
        "const a = (b, c) => { if (b) { if (c) d(); } };\ne.map(f => g => f);\nfunction h(i) {}\n";
    let lizard = Counting {
        compat: Some(Compat::Lizard),
        ..Counting::default()
    };
    let language = find("a.js", b"").expect("a known language");
    let found = language.count(text.as_bytes(), &lizard).expect("readable");
    let found: Vec<_> = found
        .iter()
        .map(|f| (f.name.as_str(), f.parameters, f.cognitive, f.nesting))
        .collect();
    assert_eq!(found[0], ("a", 2, 3, 2));
    assert_eq!(found.last(), Some(&("h", 1, 0, 0)));
}

#[test]
fn python_has_the_functions_that_lizard_sees() {
    let text = "class A:\n    def b(self, c=(1, 2), d=lambda e, f: e):\n        if c: pass\n        def g(): return 1 if c else 2\n    def h[T](\n        self,\n    ) -> f\"{i if j else k}\":\n        \
                match self:\n            case (1, 2): pass\n            case _: pass\n        case = 1\n        case(case)\n";
    lizard_sees("a.py", text, &[("b.g", 2), ("h", 4)]);
    // A line that starts further in front ends the function, in a string too.
    let string = "def a():\n    b(\nc)\n    if d: pass\ndef e():\n    f(\"\"\"\ng\n\"\"\")\n    if h: pass\n";
    lizard_sees("a.py", string, &[("a", 1), ("e", 2)]);
}
