//! The state of a run that its threads share: who waits, who runs, what is to be done next.

use super::call::Call;
use super::job::Job;
use super::result::{HookResult, HookStatus, SkipReason};
use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Something for a thread to do, about the job at a position.
pub(super) enum Task {
    Start(usize),
    /// The number of the call, and the files of the job it is for.
    Call(usize, usize, Range<usize>),
    /// What the calls gave, in the order of the files, and when the first began.
    Finish(usize, Vec<Call>, Instant),
}

/// Something that progress is told.
pub(super) enum Event {
    Started(usize),
    Finished(HookResult),
}

/// What progress shows: what happened, what runs since when, whether all is over.
pub(super) type News = (Vec<Event>, Vec<(usize, Instant)>, bool);

enum Phase {
    Waiting,
    Starting(Instant),
    Running(Instant, Calls),
    Finishing(Instant),
    Done,
}

struct Calls {
    left: VecDeque<(usize, Range<usize>)>,
    open: usize,
    made: Vec<Option<Call>>,
}

/// Where each job stands.
pub(super) struct State<'a> {
    jobs: &'a [Job<'a>],
    /// Dependencies before what depends on them.
    order: Vec<usize>,
    /// What must be done before each job.
    before: Vec<BTreeSet<usize>>,
    /// What must have ended well before each job.
    dependencies: Vec<Vec<usize>>,
    fail_fast: bool,
    phases: Vec<Phase>,
    results: Vec<Option<HookResult>>,
    stopped_by: Option<String>,
    events: Vec<Event>,
}

impl<'a> State<'a> {
    pub(super) fn new(
        jobs: &'a [Job<'a>],
        order: Vec<usize>,
        before: Vec<BTreeSet<usize>>,
        dependencies: Vec<Vec<usize>>,
        fail_fast: bool,
    ) -> Self {
        Self {
            jobs,
            order,
            before,
            dependencies,
            fail_fast,
            phases: jobs.iter().map(|_| Phase::Waiting).collect(),
            results: jobs.iter().map(|_| None).collect(),
            stopped_by: None,
            events: Vec::new(),
        }
    }

    fn is_over(&self) -> bool {
        self.results.iter().all(Option::is_some)
    }

    /// The next thing to do, earlier hooks first. Everything that a job waits for stands before it in the order, so one
    /// walk settles all skips.
    fn next_task(&mut self, interrupted: &dyn Fn() -> bool) -> Option<Task> {
        for place in 0..self.order.len() {
            let at = self.order[place];
            let task = match self.phases[at] {
                Phase::Waiting => self.begin(at, interrupted),
                Phase::Running(..) => self.go_on(at),
                Phase::Starting(_) | Phase::Finishing(_) | Phase::Done => None,
            };
            if task.is_some() {
                return task;
            }
        }
        None
    }

    fn begin(&mut self, at: usize, interrupted: &dyn Fn() -> bool) -> Option<Task> {
        let ready = self.before[at]
            .iter()
            .all(|&early| matches!(self.phases[early], Phase::Done));
        if !ready {
            return None;
        }
        if let Some(status) = self.reason_not_to_run(at, interrupted) {
            self.settle_without_run(at, status);
            return None;
        }
        self.phases[at] = Phase::Starting(Instant::now());
        self.events.push(Event::Started(at));
        Some(Task::Start(at))
    }

    fn reason_not_to_run(&self, at: usize, interrupted: &dyn Fn() -> bool) -> Option<HookStatus> {
        let bad = |&&early: &&usize| {
            let result = self.results[early].as_ref();
            result.is_some_and(|result| !result.status.is_good())
        };
        if interrupted() {
            Some(HookStatus::Interrupted)
        } else if let Some(&early) = self.dependencies[at].iter().find(bad) {
            let id = self.jobs[early].hook.id.clone();
            Some(HookStatus::Skipped(SkipReason::Dependency(id)))
        } else if self.jobs[at].is_idle() {
            Some(HookStatus::Skipped(SkipReason::NoFiles))
        } else {
            let by = self.stopped_by.clone();
            by.map(|id| HookStatus::Skipped(SkipReason::FailFast(id)))
        }
    }

    fn go_on(&mut self, at: usize) -> Option<Task> {
        let serial = self.jobs[at].hook.serial;
        let Phase::Running(begun, calls) = &mut self.phases[at] else {
            return None;
        };
        if calls.open == 0 && calls.left.is_empty() {
            let made = std::mem::take(&mut calls.made)
                .into_iter()
                .flatten()
                .collect();
            let begun = *begun;
            self.phases[at] = Phase::Finishing(begun);
            return Some(Task::Finish(at, made, begun));
        }
        if serial && calls.open > 0 {
            return None;
        }
        let (number, range) = calls.left.pop_front()?;
        calls.open += 1;
        Some(Task::Call(at, number, range))
    }

    fn settle_without_run(&mut self, at: usize, status: HookStatus) {
        let job = &self.jobs[at];
        let result = HookResult {
            id: job.hook.id.clone(),
            status,
            files: job.files.as_ref().map_or(0, Vec::len),
            duration: Duration::ZERO,
            output: Vec::new(),
            exit: None,
        };
        self.settle(at, result);
    }

    fn settle(&mut self, at: usize, result: HookResult) {
        let skipped = matches!(result.status, HookStatus::Skipped(_));
        let failed = !skipped && !result.status.is_good();
        if failed && (self.fail_fast || self.jobs[at].hook.fail_fast) && self.stopped_by.is_none() {
            self.stopped_by = Some(result.id.clone());
        }
        self.phases[at] = Phase::Done;
        self.events.push(Event::Finished(result.clone()));
        self.results[at] = Some(result);
    }

    fn running(&self) -> Vec<(usize, Instant)> {
        let phases = self.phases.iter().enumerate();
        phases
            .filter_map(|(at, phase)| match phase {
                Phase::Starting(begun) | Phase::Running(begun, _) | Phase::Finishing(begun) => {
                    Some((at, *begun))
                }
                Phase::Waiting | Phase::Done => None,
            })
            .collect()
    }
}

/// The state behind its lock, and the bell that rings when it changes.
pub(super) struct Shared<'a> {
    state: Mutex<State<'a>>,
    changed: Condvar,
}

impl<'a> Shared<'a> {
    pub(super) fn new(state: State<'a>) -> Self {
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// Panics are caught before they reach the lock, so a poisoned one still holds a whole state.
    fn lock(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something to do; `None` once everything is done.
    pub(super) fn next(&self, interrupted: &dyn Fn() -> bool) -> Option<Task> {
        let mut state = self.lock();
        loop {
            let known = state.events.len();
            let task = state.next_task(interrupted);
            let over = state.is_over();
            if state.events.len() > known || over {
                self.changed.notify_all();
            }
            if task.is_some() || over {
                return task;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What happened since the last time, after at most `most`.
    pub(super) fn news(&self, most: Duration) -> News {
        let mut state = self.lock();
        if state.events.is_empty() && !state.is_over() {
            let waited = self.changed.wait_timeout(state, most);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        (
            std::mem::take(&mut state.events),
            state.running(),
            state.is_over(),
        )
    }

    /// The job may go on with these calls, or must not run.
    pub(super) fn started(&self, at: usize, calls: Result<Vec<Range<usize>>, String>) {
        let mut state = self.lock();
        match calls {
            Ok(calls) => {
                let made = calls.iter().map(|_| None).collect();
                let left = calls.into_iter().enumerate().collect();
                let calls = Calls {
                    left,
                    open: 0,
                    made,
                };
                state.phases[at] = Phase::Running(Instant::now(), calls);
            }
            Err(message) => state.settle_without_run(at, HookStatus::without_help(message)),
        }
        self.changed.notify_all();
    }

    /// A call of the job ended.
    pub(super) fn called(&self, at: usize, number: usize, call: Call) {
        if let Phase::Running(_, calls) = &mut self.lock().phases[at] {
            calls.open -= 1;
            calls.made[number] = Some(call);
        }
        self.changed.notify_all();
    }

    /// The job is done.
    pub(super) fn finished(&self, at: usize, result: HookResult) {
        self.lock().settle(at, result);
        self.changed.notify_all();
    }

    /// One result a job, in the order of the jobs.
    pub(super) fn into_results(self) -> Vec<HookResult> {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        state.results.into_iter().flatten().collect()
    }
}
