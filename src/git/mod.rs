//! The only user of git2, and of the git command line where git2 is not right.
//!
//! git2 opens the repository, lists what is staged and reads blobs; the command line does the same behind the same
//! functions for repositories that libgit2 cannot read (SHA-256, reftable, split or sparse index, partial clone) and
//! for indexes so large that one process start is cheaper.

mod asked;
mod blob;
mod command;
mod error;
mod filters;
mod folders;
mod guard;
mod history;
mod hooks;
mod hunk;
mod loose;
mod message;
mod pushed;
mod range;
mod raw;
mod repo;
mod settings;
mod staged;
mod state;
mod tracked;
mod tree;

pub use asked::{CommitRange, Told};
pub use blob::BlobReader;
pub use error::GitError;
pub use folders::Folders;
pub use guard::{
    Changes, Guard, GuardEnv, GuardError, GuardOptions, Leftovers, Recovered, Restored, Saved,
    Snapshot, install_handlers, interrupted, interrupting_signal,
};
pub use history::{History, Origin};
pub use hooks::{HooksDir, listed_hooks};
pub use hunk::added_lines;
pub use message::Cleanup;
pub use pushed::PushedRef;
pub use repo::{Repo, make_git_paths_absolute};
pub use settings::{
    GitScope, Setting, git_version, global_hooks_path, keys, remove_section, set, unset, values,
};
pub use staged::Change;
pub use state::FormerLink;
pub use tracked::IndexPaths;
pub use tree::Commit;
