//! Which hooks must wait for which: read and write locks over files, settled before anything runs.

use super::job::Job;
use super::spec::PassFilenames;
use crate::model::RepoPath;
use std::collections::{BTreeSet, HashMap};

/// What a hook needs for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// It will not run.
    Nothing,
    /// The files it gets.
    Files { writes: bool },
    /// Every file: nobody knows which ones it looks at.
    Everything { writes: bool },
    /// The machine, or the terminal.
    Alone,
}

fn claim(job: &Job<'_>) -> Claim {
    let hook = job.hook;
    let by_files = job.files.is_some() && hook.pass_filenames != PassFilenames::No;
    if job.is_idle() {
        Claim::Nothing
    } else if hook.serial || hook.tty {
        Claim::Alone
    } else if by_files && !(hook.writes && hook.always_run) {
        Claim::Files {
            writes: hook.writes,
        }
    } else {
        Claim::Everything {
            writes: hook.writes,
        }
    }
}

/// Whether two claims exclude each other whatever the files are.
const fn clash(a: Claim, b: Claim) -> bool {
    use Claim::{Alone, Everything, Files, Nothing};
    match (a, b) {
        (Nothing, _) | (_, Nothing) => false,
        (Alone, _) | (_, Alone) => true,
        (Everything { writes: a }, Everything { writes: b } | Files { writes: b })
        | (Files { writes: a }, Everything { writes: b }) => a || b,
        (Files { .. }, Files { .. }) => false,
    }
}

/// For each job the positions of those that must have ended before it begins: what it depends on, and what comes
/// before it in `order` and needs the same thing for itself.
pub(super) fn predecessors(
    jobs: &[Job<'_>],
    order: &[usize],
    dependencies: Vec<Vec<usize>>,
) -> Vec<BTreeSet<usize>> {
    let mut before: Vec<BTreeSet<usize>> =
        dependencies.into_iter().map(BTreeSet::from_iter).collect();
    let claims: Vec<Claim> = jobs.iter().map(claim).collect();
    for (place, &late) in order.iter().enumerate() {
        let earlier = order[..place].iter().copied();
        before[late].extend(earlier.filter(|&early| clash(claims[early], claims[late])));
    }
    by_file(jobs, order, &claims, &mut before);
    before
}

/// Who used a file last, while walking through the order.
#[derive(Default)]
struct Users {
    writer: Option<usize>,
    readers: Vec<usize>,
}

/// Readers of a file wait for its last writer; a writer waits for that and for the readers since.
fn by_file(jobs: &[Job<'_>], order: &[usize], claims: &[Claim], before: &mut [BTreeSet<usize>]) {
    let mut users: HashMap<&RepoPath, Users> = HashMap::new();
    for &at in order {
        let Claim::Files { writes } = claims[at] else {
            continue;
        };
        for &path in jobs[at].files.iter().flatten() {
            let file = users.entry(path).or_default();
            before[at].extend(file.writer.filter(|&other| other != at));
            if writes {
                before[at].extend(file.readers.drain(..).filter(|&other| other != at));
                file.writer = Some(at);
            } else {
                file.readers.push(at);
            }
        }
    }
}
