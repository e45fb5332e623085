//! Hooks in containers, by the docker command.

use super::tool::{Failed, Tools};
use std::path::Path;

/// Builds the image of a hook repository with a Dockerfile.
///
/// # Errors
/// There is no docker, or it fails.
pub(super) fn build(tag: &str, clone: Option<&Path>, tools: &Tools<'_>) -> Result<(), Failed> {
    let Some(clone) = clone else {
        return Err(Failed::new(
            "`language: docker` builds an image from a hook repository, and a local hook has none",
            "use `language: docker_image`",
        ));
    };
    let words = [
        "build",
        "--tag",
        tag,
        "--label",
        "made-by=hookd",
        "--pull",
        ".",
    ];
    tools.run("docker", &words, clone, &[]).map(drop)
}

/// The command line up to the image: the repository is mounted at /src, files stay the user's.
pub(super) fn run(root: &Path) -> Vec<String> {
    // SAFETY: getuid and getgid cannot fail and touch no memory.
    let (user, group) = unsafe { (libc::getuid(), libc::getgid()) };
    let words = ["docker", "run", "--rm", "--user"];
    let mut words: Vec<String> = words.map(str::to_owned).to_vec();
    words.push(format!("{user}:{group}"));
    words.push("--volume".to_owned());
    let top = root.display().to_string();
    words.push(format!("{}:/src:rw,Z", top.trim_end_matches('/')));
    words.extend(["--workdir", "/src"].map(str::to_owned));
    words
}
