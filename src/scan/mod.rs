//! Built-in scanners: the trait they share and the one list of them.

mod audit;
mod complexity;
mod hygiene;
mod message;
mod secrets;
mod source;
mod spec;

pub use audit::{
    ages as audit_ages, background as audit_background, explain as explain_advisory,
    lockfile_ecosystems, url as audit_url,
};
pub use complexity::{Broken, FileMetrics, FunctionMetrics, counting, metrics};
pub use hygiene::{
    ForeignCheck, HygieneChoices, Served, ServedKind, hygiene_check, hygiene_id, hygiene_safe_set,
    hygiene_stages_fixes, serve as serve_hygiene,
};
pub use message::is_configured as is_message_configured;
pub use secrets::{Traced, secrets_in, trace_secrets};
pub use source::{Base, SourceFile};
pub use spec::{Build, Reads, ScanContext, Scanner, ScannerSpec};

/// Every built-in scanner, in the order reports list them. A test compares it with the folders beside this file.
pub static SCANNERS: &[&ScannerSpec] = &[
    &secrets::SPEC,
    &audit::SPEC,
    &complexity::SPEC,
    &hygiene::SPEC,
    &message::SPEC,
];
