//! Running one process: its own group, one pipe for all output, a time limit, nothing left behind.

use super::capture::Capture;
use super::environment::Environment;
use super::process::{self, Life};
use std::ffi::OsString;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often the time limit and the interruption are looked at while nothing happens.
const POLL: Duration = Duration::from_millis(20);
/// How long a process has to end after TERM before it gets KILL.
const GRACE: Duration = Duration::from_secs(2);
/// How long a pipe that a background child keeps open is listened to after the command ended.
const SILENCE: Duration = Duration::from_millis(300);
/// How long orphans have to end after TERM before they get KILL.
const ORPHANS: Duration = Duration::from_millis(300);

/// A process to run.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The program, absolute or relative to `dir`.
    pub program: PathBuf,
    /// What the program sees as its own name.
    pub name: OsString,
    /// The arguments.
    pub arguments: Vec<OsString>,
    /// The folder it runs in.
    pub dir: PathBuf,
    /// All its variables.
    pub environment: Environment,
    /// What it reads; `None` for /dev/null.
    pub stdin: Option<Vec<u8>>,
    /// It gets the terminal as it is: no pipe, no group of its own, `stdin` is left out.
    pub tty: bool,
    /// How long it may take.
    pub timeout: Option<Duration>,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// With this status.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// It took longer than its time limit, and was ended.
    TimedOut,
    /// hookd was interrupted, and ended it.
    Interrupted,
    /// It wanted the terminal, which only commands with `tty = true` have, and was ended.
    WantsTerminal,
}

/// What came of a process.
#[derive(Debug)]
pub struct Done {
    /// How it ended.
    pub exit: Exit,
    /// Standard output and standard error as they came; at most some megabytes, head and tail.
    pub output: Vec<u8>,
    /// From start to end.
    pub duration: Duration,
}

/// Runs a process to its end. `interrupted` is asked every few milliseconds; once it says yes, the process and its
/// group are ended.
///
/// # Errors
/// It cannot be started.
pub fn execute(invocation: &Invocation, interrupted: &dyn Fn() -> bool) -> io::Result<Done> {
    let begun = Instant::now();
    let mut running = Running::start(invocation)?;
    let forced = running.until_end(|| {
        let late = invocation
            .timeout
            .is_some_and(|limit| begun.elapsed() >= limit);
        if interrupted() {
            Some(Exit::Interrupted)
        } else {
            late.then_some(Exit::TimedOut)
        }
    });
    running.listen_after_end();
    let status = running.reap()?;
    Ok(Done {
        exit: forced.unwrap_or_else(|| exit_of(status)),
        output: running.capture.into_bytes(),
        duration: begun.elapsed(),
    })
}

fn exit_of(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, signal) => Exit::Signal(signal.unwrap_or_default()),
    }
}

struct Running {
    child: Child,
    group: bool,
    reader: Option<PipeReader>,
    writer: Option<PipeWriter>,
    input: Vec<u8>,
    written: usize,
    capture: Capture,
}

impl Running {
    fn start(invocation: &Invocation) -> io::Result<Self> {
        let mut command = Command::new(&invocation.program);
        let variables = invocation.environment.variables().iter();
        command
            .arg0(&invocation.name)
            .args(&invocation.arguments)
            .current_dir(&invocation.dir)
            .env_clear()
            .envs(variables.map(|(name, value)| (name, value)));
        let (mut reader, mut writer) = (None, None);
        if !invocation.tty {
            // One pipe for both, so that the lines stand in the order in which they were written.
            let (own, theirs) = io::pipe()?;
            process::nonblocking(&own);
            reader = Some(own);
            command
                .process_group(0)
                .stdin(Stdio::null())
                .stdout(theirs.try_clone()?)
                .stderr(theirs);
            if invocation.stdin.is_some() {
                let (theirs, own) = io::pipe()?;
                process::nonblocking(&own);
                writer = Some(own);
                command.stdin(theirs);
            }
        }
        let child = command.spawn()?;
        // `command` still holds the other ends of the pipes: without this, no end would ever be seen.
        drop(command);
        Ok(Self {
            child,
            group: !invocation.tty,
            reader,
            writer,
            input: invocation.stdin.clone().unwrap_or_default(),
            written: 0,
            capture: Capture::default(),
        })
    }

    /// Feeds and listens until the process has ended. `stop` may order it to; gives what it said, if anything.
    fn until_end(&mut self, stop: impl Fn() -> Option<Exit>) -> Option<Exit> {
        let mut forced = None;
        let mut kill_at: Option<Instant> = None;
        let mut pause = Duration::from_micros(200);
        loop {
            match process::look(self.child.id()) {
                Life::Ended => return forced,
                Life::Stopped if forced.is_none() && self.group => {
                    forced = Some(Exit::WantsTerminal);
                }
                Life::Stopped | Life::Running => forced = forced.or_else(&stop),
            }
            match (forced, kill_at) {
                (Some(_), None) => {
                    self.end_politely();
                    kill_at = Some(Instant::now() + GRACE);
                }
                (Some(_), Some(at)) if Instant::now() >= at => {
                    process::send(self.child.id(), self.group, libc::SIGKILL);
                }
                _ => {}
            }
            self.step(&mut pause);
        }
    }

    /// TERM, and CONT so that a stopped process gets it.
    fn end_politely(&self) {
        process::send(self.child.id(), self.group, libc::SIGTERM);
        process::send(self.child.id(), self.group, libc::SIGCONT);
    }

    /// Waits for something to happen. Once the pipe is closed only the end is left to come, mostly at once: short pauses
    /// that grow.
    fn step(&mut self, pause: &mut Duration) {
        if self.reader.is_none() && self.writer.is_none() {
            std::thread::sleep(*pause);
            *pause = (*pause * 2).min(POLL);
            return;
        }
        let (readable, writable) = process::wait(self.reader.as_ref(), self.writer.as_ref(), POLL);
        if writable {
            self.feed();
        }
        if readable {
            self.listen();
        }
    }

    /// Writes what the pipe takes. A process that does not read its input is none of our business.
    fn feed(&mut self) {
        let Some(writer) = &mut self.writer else {
            return;
        };
        match writer.write(&self.input[self.written..]) {
            Ok(count) if count > 0 => self.written += count,
            Err(error) if again(&error) => return,
            Ok(_) | Err(_) => self.written = self.input.len(),
        }
        if self.written == self.input.len() {
            self.writer = None;
        }
    }

    /// Reads what there is; whether something came.
    fn listen(&mut self) -> bool {
        let mut buffer = [0; 16 * 1024];
        let Some(reader) = &mut self.reader else {
            return false;
        };
        match reader.read(&mut buffer) {
            Ok(count) if count > 0 => {
                self.capture.push(&buffer[..count]);
                true
            }
            Err(error) if again(&error) => false,
            Ok(_) | Err(_) => {
                self.reader = None;
                false
            }
        }
    }

    /// Takes what is left in the pipe. Children in the background may hold it open: they are listened to while they
    /// talk, and ended after a silence or, at the latest, four silences.
    fn listen_after_end(&mut self) {
        self.writer = None;
        let last = Instant::now() + 4 * SILENCE;
        let mut quiet_since = Instant::now();
        while self.reader.is_some() && quiet_since.elapsed() < SILENCE && Instant::now() < last {
            let (readable, _) = process::wait(self.reader.as_ref(), None, POLL);
            if readable && self.listen() {
                quiet_since = Instant::now();
            }
        }
        self.reader = None;
    }

    /// Ends what is left of the group and takes the status.
    fn reap(&mut self) -> io::Result<ExitStatus> {
        let leader = self.child.id();
        if self.group {
            // Before the leader is reaped, so that its id still is the group's.
            process::send(leader, true, libc::SIGTERM);
        }
        let status = self.child.wait()?;
        let given_up = Instant::now() + ORPHANS;
        let mut pause = Duration::from_micros(500);
        // Signal 0 only asks; a group that still has members keeps its id.
        while self.group && process::send(leader, true, 0) {
            if Instant::now() >= given_up {
                process::send(leader, true, libc::SIGKILL);
                break;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(POLL);
        }
        Ok(status)
    }
}

fn again(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    )
}
