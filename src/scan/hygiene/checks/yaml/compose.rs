//! Follows the events of a YAML stream and says what is wrong, as a loader would, without building anything: memory
//! grows with the keys of open mappings only, and aliases are never expanded.

use super::key::{Key, impossible_date};
use super::layout::Layout;
use crate::scan::hygiene::json::Fault;
use granit_parser::{Event, Options, Parser, ScalarStyle, Tag};
use std::collections::{HashMap, HashSet};

/// How deep collections may be nested: the loader this is measured by gives up near this depth.
const DEPTH: usize = 250;

/// What counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Whether there may be several documents.
    pub(super) many: bool,
    /// Whether what a safe loader refuses counts, beside the syntax.
    pub(super) load: bool,
    /// Whether tabs between tokens count, which YAML 1.2 allows in most places and many parsers do not.
    pub(super) tabs: bool,
}

/// The first fault of a YAML stream.
pub(super) fn fault(bytes: &[u8], rules: Rules) -> Option<Fault> {
    let text = match characters(bytes) {
        Ok(text) => text,
        Err(fault) => return Some(fault),
    };
    let mut options = Options::default();
    options.emit_unresolved_aliases = true;
    options.flow_nesting_limit = DEPTH;
    options.block_nesting_limit = DEPTH;
    let mut composer = Composer::new(rules);
    let mut layout = Layout::new(text);
    let early = layout.early_end().filter(|_| rules.tabs);
    let mut events = Parser::new_from_str_with_options(text, options);
    early.or_else(|| {
        events.find_map(|event| match event {
            Ok((event, span)) => {
                let torn = rules.tabs.then(|| layout.event(&event, &span)).flatten();
                torn.or_else(|| {
                    let message = composer.event(&event).err()?;
                    Some(Fault::new(span.start.byte_offset().unwrap_or(0), message))
                })
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                Some(Fault::new(at, error.info()))
            }
        })
    })
}

/// The text of a stream.
///
/// # Errors
/// The first byte or character that no stream holds.
fn characters(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault::new(error.valid_up_to(), "this byte is not UTF-8"))?;
    match text.char_indices().find(|&(_, c)| !printable(c)) {
        Some((at, character)) => {
            let code = u32::from(character);
            Err(Fault::new(
                at,
                format!("the control character U+{code:04X}"),
            ))
        }
        None => Ok(text),
    }
}

/// The characters a YAML stream may hold (<https://yaml.org/spec/1.2.2/#51-character-set>).
const fn printable(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Scalar(Key),
    Sequence,
    Mapping,
}

/// An open collection.
struct Frame {
    mapping: bool,
    keys: HashSet<Key>,
    /// Whether the next node of a mapping is a key.
    key_next: bool,
    /// Whether the next value is merged into the mapping.
    merging: bool,
    merged: bool,
}

struct Composer {
    rules: Rules,
    documents: usize,
    frames: Vec<Frame>,
    anchors: HashMap<usize, Node>,
}

/// What is wrong.
type Wrong = String;

impl Composer {
    fn new(rules: Rules) -> Self {
        Self {
            rules,
            documents: 0,
            frames: Vec::new(),
            anchors: HashMap::new(),
        }
    }

    fn event(&mut self, event: &Event<'_>) -> Result<(), Wrong> {
        match event {
            Event::DocumentStart(..) => self.document(),
            Event::Scalar(value, style, anchor, tag) => {
                let plain = *style == ScalarStyle::Plain && tag.is_none();
                self.scalar(value, plain, tag.as_deref())?;
                let merge = plain && value == "<<";
                self.node(Node::Scalar(Key::new(value, plain)), *anchor, merge)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.collection(Node::Sequence, *anchor, tag.as_deref())
            }
            Event::MappingStart(_, anchor, tag) => {
                self.collection(Node::Mapping, *anchor, tag.as_deref())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.frames.pop();
                Ok(())
            }
            Event::Alias(id) => {
                let node = self.anchors.get(id).cloned().unwrap_or(Node::Sequence);
                self.node(node, 0, false)
            }
            Event::UnresolvedAlias(name) => self.dangling(name),
            _ => Ok(()),
        }
    }

    fn dangling(&mut self, name: &str) -> Result<(), Wrong> {
        if self.rules.load {
            return Err(format!("the alias `*{name}` is one of nothing"));
        }
        self.node(Node::Sequence, 0, false)
    }

    fn document(&mut self) -> Result<(), Wrong> {
        self.documents += 1;
        self.anchors.clear();
        if self.documents > 1 && !self.rules.many {
            return Err(
                "a second document: several in a file need `--allow-multiple-documents`".to_owned(),
            );
        }
        Ok(())
    }

    fn collection(&mut self, node: Node, anchor: usize, tag: Option<&Tag>) -> Result<(), Wrong> {
        self.tag(tag)?;
        let mapping = node == Node::Mapping;
        self.node(node, anchor, false)?;
        self.frames.push(Frame {
            mapping,
            keys: HashSet::new(),
            key_next: true,
            merging: false,
            merged: false,
        });
        Ok(())
    }

    /// A node in the place where the stream is.
    fn node(&mut self, node: Node, anchor: usize, merge: bool) -> Result<(), Wrong> {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        if !self.rules.load {
            return Ok(());
        }
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.mapping) else {
            return Ok(());
        };
        frame.key_next = !frame.key_next;
        if frame.key_next {
            return frame.value(&node);
        }
        if merge {
            frame.merging = true;
            if std::mem::replace(&mut frame.merged, true) {
                return Err("the key `<<` is there twice".to_owned());
            }
            return Ok(());
        }
        frame.key(node)
    }

    fn scalar(&self, value: &str, plain: bool, tag: Option<&Tag>) -> Result<(), Wrong> {
        self.tag(tag)?;
        if self.rules.load && plain && impossible_date(value) {
            return Err(format!("`{value}` looks like a date and is none"));
        }
        Ok(())
    }

    fn tag(&self, tag: Option<&Tag>) -> Result<(), Wrong> {
        let Some(tag) = tag.filter(|_| self.rules.load) else {
            return Ok(());
        };
        let whole = format!("{}{}", tag.handle(), tag.suffix());
        let known = match whole.strip_prefix(CORE) {
            Some(name) => KNOWN.contains(&name),
            None => matches!(whole.as_str(), "!" | ""),
        };
        if known {
            Ok(())
        } else {
            Err(format!(
                "the tag `{}` is unknown: `--unsafe` lets it pass",
                tag.original()
            ))
        }
    }
}

/// The beginning of YAML's own tags.
const CORE: &str = "tag:yaml.org,2002:";

/// YAML's own tags (<https://yaml.org/type/>) that a safe loader knows.
const KNOWN: &[&str] = &[
    "null",
    "bool",
    "int",
    "float",
    "binary",
    "timestamp",
    "omap",
    "pairs",
    "set",
    "str",
    "seq",
    "map",
];

impl Frame {
    fn key(&mut self, node: Node) -> Result<(), Wrong> {
        match node {
            Node::Mapping => Err(
                "a mapping is the key of another one: quote it if it is meant as text".to_owned(),
            ),
            Node::Sequence => Ok(()),
            Node::Scalar(key) => {
                let name = match &key {
                    Key::Text(text) | Key::Number(text) => text.clone(),
                    Key::Null => "null".to_owned(),
                };
                if self.keys.insert(key) {
                    Ok(())
                } else {
                    Err(format!("the key `{name}` is there twice"))
                }
            }
        }
    }

    fn value(&mut self, node: &Node) -> Result<(), Wrong> {
        let merging = std::mem::replace(&mut self.merging, false);
        if merging && matches!(node, Node::Scalar(_)) {
            return Err("`<<` needs a mapping or a list of mappings".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Rules, fault};

    const SAFE: Rules = Rules {
        many: false,
        load: true,
        tabs: true,
    };
    const SYNTAX: Rules = Rules {
        many: true,
        load: false,
        tabs: true,
    };

    #[test]
    fn what_a_safe_loader_takes() {
        for good in [
            "",
            "a: 1\nb: [x, {y: z}]\n",
            "- &a {k: 1}\n- *a\n- <<: *a\n  j: 2\n",
            "%YAML 1.2\n---\na: b\n",
            "a: |\n  text: here\n\n  more\nb: >-\n  x\n",
            "? [a, b]\n: c\n",
            "x: !!str 1\n",
            "\u{feff}a: 1\n",
            "1: a\n'1': b\n",
            "d: 2024-02-29\n",
            "a: 'it''s'\n\"b\": \"\\u00e9\"\n",
        ] {
            assert_eq!(fault(good.as_bytes(), SAFE), None, "{good:?}");
        }
    }

    #[test]
    fn what_it_refuses() {
        for (bad, syntax) in [
            ("a: b: c\n", true),
            ("a: [1\n", true),
            ("a: 1\n b: 2\n", true),
            ("\ta: 1\n", true),
            ("a: 'x\n", true),
            ("a: 1\na: 2\n", false),
            ("1: a\n1.0: b\n", false),
            ("true: a\n1: b\n", false),
            ("a: !custom x\n", false),
            ("a: *b\n", false),
            ("a: 1\n---\nb: 2\n", false),
            ("{{ a }}: 1\n", false),
            ("x: {{ a }}\n", false),
            ("<<: 3\n", false),
            ("d: 2024-13-40\n", false),
            ("a: \u{7}\n", true),
        ] {
            assert!(fault(bad.as_bytes(), SAFE).is_some(), "{bad:?}");
            assert_eq!(fault(bad.as_bytes(), SYNTAX).is_some(), syntax, "{bad:?}");
        }
        assert!(fault(b"a: \xff\n", SYNTAX).is_some());
    }

    #[test]
    fn bombs_are_harmless() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..40 {
            let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        assert_eq!(fault(bomb.as_bytes(), SAFE), None);
        for deep in [
            "[".repeat(1_000_000),
            "{a: ".repeat(300_000),
            "- ".repeat(300_000),
        ] {
            assert!(fault(deep.as_bytes(), SYNTAX).is_some());
        }
    }
}
