//! Lua, with the numbers of lizard (`docs/scanners/complexity.md`).

mod scanner;

use super::Language;

/// Lua.
pub(super) static LUA: Language = Language {
    id: "lua",
    title: "Lua",
    extensions: &["lua"],
    names: &[],
    interpreters: &["lua", "luajit"],
    functions: scanner::functions,
};
