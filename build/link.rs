//! What is linked into the binary rather than loaded at each start.

use crate::variable;
use std::path::Path;
use std::process::Command;

/// Links the code that unwinds the stack into the binary, where the C compiler has it: the system's library costs 0.15 ms at
/// each start, most of it for questions to the processor that a virtual machine answers slowly. Where the compiler has none,
/// the system's is used, as Rust does by itself.
pub(crate) fn unwinder() {
    println!("cargo::rerun-if-env-changed=CC");
    let is = |name: &str, value: &str| variable(name).is_ok_and(|found| found == value);
    let native = variable("HOST").is_ok() && variable("HOST") == variable("TARGET");
    let glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if !(native && glibc) || is("CARGO_CFG_TARGET_FEATURE", "crt-static") {
        return;
    }
    let compiler = variable("CC").unwrap_or_else(|_| "cc".to_owned());
    let asked = Command::new(compiler)
        .arg("-print-file-name=libgcc_eh.a")
        .output();
    let path = asked
        .ok()
        .and_then(|out| String::from_utf8(out.stdout).ok());
    // A compiler that has none gives the bare name back.
    let folder = path
        .as_deref()
        .and_then(|path| Path::new(path.trim()).parent());
    if let Some(folder) =
        folder.filter(|folder| folder.join("libgcc_eh.a").is_file() && folder.is_absolute())
    {
        println!("cargo::rustc-link-search=native={}", folder.display());
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
}
