//! Shapes that are told from others only by what stands around them.

use super::functions;

fn pairs(path: &str, text: &str) -> Vec<(String, u32)> {
    let all = functions(path, text).into_iter();
    all.map(|function| (function.name, function.cyclomatic))
        .collect()
}

fn named(pairs: &[(&str, u32)]) -> Vec<(String, u32)> {
    let owned = pairs
        .iter()
        .map(|&(name, number)| (name.to_owned(), number));
    owned.collect()
}

#[test]
fn values_in_the_heads_of_go_nest_nothing() {
    for head in [
        "for _, x := range []struct{ a int }{{1}, {2}} {",
        "for _, x := range []int{1, 2} {",
        "for _, x := range map[string][]T{\"a\": {1}} {",
        "for range struct{ a []int }{nil}.a {",
        "for _, f := range []func(int) T{g} {",
        "for _, b := range []byte(s) {",
        "for _, b := range a[1:] {",
        "if x := [2]int{1, 2}; x[0] > y[1] {",
    ] {
        let text = format!("func f() {{\n\t{head}\n\t\tif a {{\n\t\t}}\n\t}}\n}}\n");
        let all = functions("a.go", &text);
        assert_eq!((all[0].cognitive, all[0].nesting), (3, 2), "{head}");
    }
}

#[test]
fn accessors_of_swift_have_a_block_and_other_words_are_names() {
    let text = "class A {\n  var a: Int {\n    get { if x { return 1 }; return 2 }\n    set(value) { b = value }\n  }\n  \
                var b = 1 { willSet { c() } didSet(old) { d() } }\n  var e: Int { get async throws(E) { 1 } }\n  \
                private(set) var f = 1\n  init?(x: Int) { self.init(y: x ? 1 : 2) }\n  \
                func g(init: Int) { set.insert(get); h.set = 1; Binding(get: { 1 }, set: { _ in }) }\n  deinit { i() }\n}\n";
    let expected = [
        ("get", 2),
        ("set", 1),
        ("willSet", 1),
        ("didSet", 1),
        ("get", 1),
        ("init", 2),
        ("g", 1),
        ("deinit", 1),
    ];
    assert_eq!(pairs("a.swift", text), named(&expected));
}

#[test]
fn strings_of_swift_hold_code_and_optional_types_are_no_conditions() {
    let text = "func a() -> [Int]? {\n  let b = \"\\(c ? \"if\" : \"}\") \\\"\"\n  let d = #\"\"if \" {\"#\n  let e = \"\"\"\n  { \"if\" \\(f(\n  g)) }\n  \"\"\"\n  \
                /* if /* { */ if */\n  return x(if: 1, for: 2) ?? (y as [Int]?)\n}\nfunc z() { #if DEBUG\n  if #available(iOS 1, *) { }\n#endif\n}\n";
    assert_eq!(pairs("a.swift", text), named(&[("a", 1), ("z", 2)]));
    let open = "func a() { }\nlet b = \"\"\"\n";
    let language = crate::lang::find("a.swift", b"").expect("a known language");
    let error = (language.functions)(open.as_bytes()).expect_err("open");
    assert_eq!(error.message, "a string is never closed");
}

#[test]
fn comparisons_are_no_nesting_of_type_arguments() {
    let text = "function f(a, b) {\n".to_owned() + &"if (a < b) { b < a; }\n".repeat(3000) + "}\n";
    assert_eq!(pairs("a.js", &text), named(&[("f", 3001)]));
    let deep = "x = ".to_owned() + &"a<(b)=>c|".repeat(3000) + "d;\n" + &"()".repeat(3000);
    let language = crate::lang::find("a.ts", b"").expect("a known language");
    let error = (language.functions)(deep.as_bytes()).expect_err("too deep");
    assert!(error.message.contains("nest too deeply"), "{error}");
}

#[test]
fn an_operator_that_is_only_named_ends_with_its_statement() {
    let text =
        "struct A : B {\n  using B::operator=;\n  A &operator=(A &a) { return a ? a : b; }\n};\n";
    assert_eq!(pairs("a.cpp", text), named(&[("A::operator=", 2)]));
}

#[test]
fn annotation_types_in_a_class_are_types() {
    let text = "class A {\n  @Retention(SOURCE)\n  @interface B { int c() default 1; }\n  public @interface D {}\n  @Old public int interfaces() { return e ? 1 : 2; }\n}\n";
    assert_eq!(pairs("A.java", text), named(&[("A.interfaces", 2)]));
}

#[test]
fn comments_of_php_go_on_behind_the_end_of_code_in_them() {
    let text = "<?php\n/** <?php echo 1; ?> if */\nfunction a() { /* ?> */ return b ? 1 : 2; }\n?> function c() { <?php function d() { }\n";
    assert_eq!(pairs("a.php", text), named(&[("a", 2), ("d", 1)]));
    let language = crate::lang::find("a.php", b"").expect("a known language");
    assert!((language.functions)(b"<?php /* ?> a").is_err());
}

#[test]
fn a_name_with_parentheses_stands_at_its_parameters() {
    let text = "int API(f)\n   (int a)\n{ return a ? 1 : 2; }\nstruct B { C operator ~ () const { return a && b; } };\n";
    let all = functions("a.cpp", text);
    let lines = all
        .iter()
        .map(|function| text[..function.name_span.start].lines().count());
    assert_eq!(lines.collect::<Vec<_>>(), [2, 4]);
    assert_eq!(all.iter().map(|f| f.cyclomatic).collect::<Vec<_>>(), [2, 2]);
}

/// Each here-document and literal holds what would end a string, or start a condition, were it code.
#[test]
fn literals_of_ruby_end_where_ruby_ends_them() {
    let text = r##"class A
  class <<"a"; self; end
  def b(c) = [<<~'A b', <<-B, <<"", <<e_f].map { |d| d ? 1 : 2 }
    if ' "
  A b
    unless "
    B
  # if '

  while '
e_f
  alias / split
  undef %
  def g
    h("x#{<<X} if
      X " if
X
      ' #{i && <<~Y} \
      ' " if
      Y
      ", %W(1 #{<<Z}
      ) '
Z
      2)) if j./(k)
    l(%:if ":, %'if "')
    m \
      <<N \
    if ' "
N
      .o
    q = %\if ' "\ if p
  end
end
"##;
    assert_eq!(pairs("a.rb", text), named(&[("A#b", 3), ("A#g", 4)]));
    let ends = functions("a.rb", text).into_iter();
    let lines = ends.map(|function| text[..function.span.end].lines().count());
    assert_eq!(lines.collect::<Vec<_>>(), [11, 32]);
}
