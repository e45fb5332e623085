//! Whole runs: order, locks, results.

use super::read::read;
use crate::command::{
    Around, CommandProgress, Environment, Hook, HookResult, HookStatus, Job, RunContext,
    SkipReason, run_hooks,
};
use crate::model::RepoPath;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn environment() -> Environment {
    let mut environment = Environment::default();
    environment.set("PATH", "/usr/bin:/bin");
    environment.set("LC_ALL", "C");
    environment
}

fn hooks(text: &str) -> Vec<Hook> {
    read(&[("hookd.toml", text)]).unwrap()
}

fn paths(names: &[&str]) -> Vec<RepoPath> {
    names.iter().map(|name| RepoPath::from(*name)).collect()
}

fn jobs<'a>(hooks: &'a [Hook], files: &'a [RepoPath]) -> Vec<Job<'a>> {
    let job = |hook| Job {
        hook,
        files: Some(files.iter().collect()),
        arguments: Vec::new(),
        stdin: None,
    };
    hooks.iter().map(job).collect()
}

fn run(root: &Path, jobs: &[Job<'_>]) -> Vec<HookResult> {
    let environment = environment();
    let context = RunContext {
        root,
        environment: &environment,
        jobs: 4,
        fail_fast: false,
        interrupted: &|| false,
    };
    run_hooks(jobs, context, &(), &mut ())
}

fn output(result: &HookResult) -> String {
    String::from_utf8_lossy(&result.output).into_owned()
}

#[test]
fn files_reach_the_command_whatever_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let hooks = hooks(
        "[[hook]]\nid='shell'\nrun = 'printf \"<%s>\" fixed'\n[[hook]]\nid='array'\nrun=['printf','<%s>']\n[[hook]]\nid='none'\nrun='echo none'\npass_filenames=false\n[[hook]]\nid='placed'\nrun='printf \"<%s>\" \"$@\" last'\n[[hook]]\nid='one'\nrun='echo'\npass_filenames=1\n",
    );
    let files = paths(&["-n", "a b", "$(x)`y`'\"", "l\nf", ":!x"]);
    let results = run(folder.path(), &jobs(&hooks, &files));
    let list = "<./-n><a b><$(x)`y`'\"><l\nf><:!x>";
    assert_eq!(output(&results[0]), format!("<fixed>{list}"));
    assert_eq!(output(&results[1]), list);
    assert_eq!(output(&results[2]), "none\n");
    assert_eq!(output(&results[3]), format!("{list}<last>"));
    assert_eq!(output(&results[4]), "./-n\na b\n$(x)`y`'\"\nl\nf\n:!x\n");
    assert!(
        results
            .iter()
            .all(|result| result.status == HookStatus::Passed && result.files == 5)
    );
}

#[test]
fn statuses_say_what_happened() {
    let folder = tempfile::tempdir().unwrap();
    let hooks = hooks(
        "[[hook]]\nid='fails'\nrun='exit 4;'\n[[hook]]\nid='gone'\nrun='no-such-tool; exit 127;'\n[[hook]]\nid='missing'\nrun=['no-such-tool']\n[[hook]]\nid='late'\nrun='sleep 20 #'\ntimeout=0.1\n[[hook]]\nid='nodir'\nrun='true'\ndir='nowhere'\n[[hook]]\nid='after'\nrun='true'\ndepends_on='fails'\n[[hook]]\nid='later'\nrun='true'\ndepends_on='after'\n[[hook]]\nid='checked'\ncheck='true'\nrun='false'\n[[hook]]\nid='fixed'\ncheck='echo probe; false'\nrun='echo fixed;'\n",
    );
    let files = paths(&["nowhere/a"]);
    let results = run(folder.path(), &jobs(&hooks, &files));
    let status = |id: &str| {
        let result = results.iter().find(|result| result.id == id).unwrap();
        result.status.clone()
    };
    let error = |id: &str| match status(id) {
        HookStatus::Error { message, help } => format!("{message} | {help}"),
        other => panic!("{id}: {other:?}"),
    };
    assert_eq!(status("fails"), HookStatus::Failed);
    assert!(error("gone").contains("a command of hook `gone` was not found"));
    assert!(error("missing").contains("install no-such-tool"));
    assert_eq!(status("late"), HookStatus::TimedOut);
    assert!(error("nodir").contains("`dir` of hook `nodir`"));
    let because = |id: &str| HookStatus::Skipped(SkipReason::Dependency(id.to_owned()));
    assert_eq!(
        (status("after"), status("later")),
        (because("fails"), because("after"))
    );
    assert_eq!(status("checked"), HookStatus::Passed);
    assert_eq!(output(&results[8]), "fixed nowhere/a\n");
}

#[test]
fn without_files_only_always_run_runs() {
    let folder = tempfile::tempdir().unwrap();
    let hooks = hooks(
        "[[hook]]\nid='a'\nrun='echo a'\n[[hook]]\nid='b'\nrun='echo b'\nalways_run=true\ndepends_on='a'\n",
    );
    let results = run(folder.path(), &jobs(&hooks, &[]));
    assert_eq!(results[0].status, HookStatus::Skipped(SkipReason::NoFiles));
    assert_eq!(
        (results[1].status.clone(), output(&results[1])),
        (HookStatus::Passed, "b\n".to_owned())
    );
}

#[test]
fn fail_fast_stops_what_has_not_begun() {
    let folder = tempfile::tempdir().unwrap();
    let hooks =
        hooks("[[hook]]\nid='a'\nrun='false'\nfail_fast=true\n[[hook]]\nid='b'\nrun='true'\n");
    let files = paths(&["x"]);
    let results = run(folder.path(), &jobs(&hooks, &files));
    assert_eq!(
        results[1].status,
        HookStatus::Skipped(SkipReason::FailFast("a".to_owned()))
    );
}

#[test]
fn an_interruption_reaches_every_hook() {
    let folder = tempfile::tempdir().unwrap();
    let hooks = hooks("[[hook]]\nid='a'\nrun='sleep 20 #'\n[[hook]]\nid='b'\nrun='true'\n");
    let files = paths(&["x"]);
    let environment = environment();
    let begun = std::time::Instant::now();
    let context = RunContext {
        root: folder.path(),
        environment: &environment,
        jobs: 0,
        fail_fast: false,
        interrupted: &|| begun.elapsed() > Duration::from_millis(100),
    };
    let results = run_hooks(&jobs(&hooks, &files), context, &(), &mut ());
    assert!(
        results
            .iter()
            .all(|result| result.status == HookStatus::Interrupted)
    );
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn readers_share_and_progress_is_told() {
    #[derive(Default)]
    struct Told(Vec<String>, usize, usize);
    impl CommandProgress for Told {
        fn started(&mut self, hook: &Hook) {
            self.0.push(format!("+{}", hook.id));
        }
        fn finished(&mut self, result: &HookResult) {
            self.0.push(format!("-{}", result.id));
        }
        fn tick(&mut self, running: &[(&Hook, Duration)]) {
            self.1 += 1;
            self.2 = self.2.max(running.len());
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let hooks = hooks(
        "[[hook]]\nid='a'\nrun='sleep 0.3 #'\nwrites=false\n[[hook]]\nid='b'\nrun='sleep 0.3 #'\nwrites=false\n",
    );
    let files = paths(&["x"]);
    let environment = environment();
    let context = RunContext {
        root: folder.path(),
        environment: &environment,
        jobs: 2,
        fail_fast: false,
        interrupted: &|| false,
    };
    let mut told = Told::default();
    run_hooks(&jobs(&hooks, &files), context, &(), &mut told);
    assert_eq!(told.0.len(), 4);
    assert!(told.1 > 0 && told.2 == 2);
}

#[test]
fn a_panic_in_a_callback_is_an_error_and_no_hang() {
    struct Panics;
    impl Around for Panics {
        fn before(&self, job: &Job<'_>) -> Result<(), String> {
            assert!(job.hook.id != "a", "on purpose");
            if job.hook.id == "b" {
                Err("no".to_owned())
            } else {
                Ok(())
            }
        }
        fn after(&self, _: &Job<'_>, result: &mut HookResult) {
            result.status = HookStatus::Modified;
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let hooks = hooks(
        "[[hook]]\nid='a'\nrun='true'\n[[hook]]\nid='b'\nrun='true'\n[[hook]]\nid='c'\nrun='true'\n",
    );
    let files = paths(&["x"]);
    let environment = environment();
    let context = RunContext {
        root: folder.path(),
        environment: &environment,
        jobs: 1,
        fail_fast: false,
        interrupted: &|| false,
    };
    let results = run_hooks(&jobs(&hooks, &files), context, &Panics, &mut ());
    assert!(matches!(results[0].status, HookStatus::Error { .. }));
    assert_eq!(
        results[1].status,
        HookStatus::Error {
            message: "no".into(),
            help: String::new()
        }
    );
    assert_eq!(results[2].status, HookStatus::Modified);
}

/// Counts who is inside, file by file.
#[derive(Default)]
struct Watch {
    users: Mutex<BTreeMap<RepoPath, (usize, usize)>>,
    begun: Mutex<Vec<String>>,
    broken: AtomicUsize,
}

impl Around for Watch {
    fn before(&self, job: &Job<'_>) -> Result<(), String> {
        self.begun.lock().unwrap().push(job.hook.id.clone());
        let mut users = self.users.lock().unwrap();
        for &path in job.files.iter().flatten() {
            let (readers, writers) = users.entry(path.clone()).or_default();
            if *writers > 0 || (job.hook.writes && *readers > 0) {
                self.broken.fetch_add(1, Ordering::SeqCst);
            }
            *(if job.hook.writes { writers } else { readers }) += 1;
        }
        drop(users);
        std::thread::sleep(Duration::from_millis(1));
        Ok(())
    }

    fn after(&self, job: &Job<'_>, _: &mut HookResult) {
        let mut users = self.users.lock().unwrap();
        for &path in job.files.iter().flatten() {
            let (readers, writers) = users.entry(path.clone()).or_default();
            *(if job.hook.writes { writers } else { readers }) -= 1;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_two_writers_of_one_file_at_once_and_always_the_same_results(
        kinds in prop::collection::vec((any::<bool>(), any::<bool>(), 0usize..8, prop::collection::vec(any::<bool>(), 4)), 1..7),
        workers in 1usize..6,
    ) {
        let mut text = String::new();
        for (at, (writes, fails, after, _)) in kinds.iter().enumerate() {
            text += &format!("[[hook]]\nid = 'h{at}'\nrun = ['{}']\nwrites = {writes}\n", if *fails { "false" } else { "true" });
            if after < &at {
                text += &format!("depends_on = 'h{after}'\n");
            }
        }
        let hooks = hooks(&text);
        let all = paths(&["a", "b", "c", "d"]);
        let jobs: Vec<Job<'_>> = hooks.iter().zip(&kinds).map(|(hook, kind)| Job {
            hook,
            files: Some(all.iter().zip(&kind.3).filter(|(_, wanted)| **wanted).map(|(path, _)| path).collect()),
            arguments: Vec::new(),
            stdin: None,
        }).collect();
        let environment = environment();
        let run = |workers| {
            let watch = Watch::default();
            let context = RunContext {
                root: Path::new("/"),
                environment: &environment,
                jobs: workers,
                fail_fast: false,
                interrupted: &|| false,
            };
            let results = run_hooks(&jobs, context, &watch, &mut ());
            let statuses: Vec<(String, HookStatus)> = results.into_iter().map(|result| (result.id, result.status)).collect();
            (statuses, watch.broken.into_inner(), watch.begun.into_inner().unwrap())
        };
        let (one, _, _) = run(1);
        let (many, broken, begun) = run(workers);
        prop_assert_eq!(one, many);
        prop_assert_eq!(broken, 0);
        // Writers of a file begin in configuration order.
        for (at, path) in all.iter().enumerate() {
            let writers: Vec<&String> = begun.iter().filter(|id| {
                let place: usize = id[1..].parse().unwrap();
                kinds[place].0 && kinds[place].3[at]
            }).collect();
            prop_assert!(writers.is_sorted(), "{:?}: {:?}", path, writers);
        }
    }
}
