//! One file over HTTP: skipped where it is unchanged, continued where an earlier download broke off.

use crate::advisory::{AdvisoryError, Progress};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body, BodyReader};

/// How often a broken download is continued before the user is told.
const ATTEMPTS: u32 = 4;

/// What to fetch.
pub(super) struct Request<'a> {
    pub(super) url: &'a str,
    /// The file that takes the bytes.
    pub(super) part: &'a Path,
    /// What is at hand already: nothing is fetched where the server still has the same.
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    pub(super) bounds: Bounds,
}

/// What no honest transfer comes near to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// In each of these spans [`SLOWEST`] bytes a second must come.
    pub(super) window: Duration,
    /// The time that a request may take.
    pub(super) longest: Duration,
    /// The bytes that a file may have.
    pub(super) largest: u64,
}

/// Bytes a second: a modem sends seven times as much.
const SLOWEST: f64 = 1024.0;
/// A list or a record is small: its whole request may take this many times as long as an answer.
const SMALL_TIMES: u32 = 4;

/// How the server names this version of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tags {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
}

impl Tags {
    fn of(headers: &HeaderMap) -> Self {
        let text = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Self {
            etag: text("etag"),
            last_modified: text("last-modified"),
        }
    }

    /// What `If-Range` may carry: a strong tag or a date (RFC 9110, section 13.1.5).
    fn validator(&self) -> Option<&str> {
        self.etag
            .as_deref()
            .filter(|etag| !etag.starts_with("W/"))
            .or(self.last_modified.as_deref())
    }

    /// Whether both name the same version for sure.
    fn same(&self, etag: Option<&str>, last_modified: Option<&str>) -> bool {
        match (self.etag.as_deref(), etag) {
            (Some(a), Some(b)) => a == b,
            _ => last_modified.is_some() && self.last_modified.as_deref() == last_modified,
        }
    }
}

/// What stands beside a partial file, so that it can be continued.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    url: String,
    tags: Tags,
}

/// What a fetch came to.
pub(super) enum Fetched {
    /// What is at hand is the newest.
    Unchanged,
    /// The file is whole.
    Complete(Tags),
}

/// A client that gives up where nothing moves for `timeout`, and on whole requests for small files after four times that.
/// From an encrypted `base` it is led to encrypted places only.
pub(super) fn agent(timeout: Duration, base: &str) -> Agent {
    Agent::config_builder()
        .https_only(base.starts_with("https://"))
        .timeout_connect(Some(timeout))
        .timeout_recv_response(Some(timeout))
        .timeout_per_read(Some(timeout))
        .timeout_global(Some(timeout * SMALL_TIMES))
        .http_status_as_error(false)
        .user_agent(concat!("hookd/", env!("CARGO_PKG_VERSION")))
        // A server that compresses on the way can't continue at a byte.
        .accept_encoding("identity")
        .build()
        .new_agent()
}

/// A small text file; `None` where it can't be had.
pub(super) fn text(agent: &Agent, url: &str) -> Option<String> {
    let mut response = agent.get(url).call().ok()?;
    if response.status() != 200 {
        return None;
    }
    response
        .body_mut()
        .with_config()
        .limit(1 << 20)
        .read_to_string()
        .ok()
}

/// The body of a file that is read as it comes; `None` where the server has no such file.
pub(super) fn open(agent: &Agent, url: &str) -> Result<Option<BodyReader<'static>>, AdvisoryError> {
    let response = agent
        .get(url)
        .call()
        .map_err(|error| failure(url, error.to_string()))?;
    match response.status().as_u16() {
        200 => Ok(Some(response.into_body().into_reader())),
        404 => Ok(None),
        status => Err(refusal(url, status)),
    }
}

/// Removes a partial file and its note.
pub(super) fn discard(part: &Path) {
    // Files that are not there need no removing, and one that stays is replaced by the next download.
    let _ = std::fs::remove_file(part);
    let _ = std::fs::remove_file(note_path(part));
}

fn note_path(part: &Path) -> PathBuf {
    part.with_extension("part.json")
}

/// Fetches a file, or the rest of it.
pub(super) fn fetch(
    agent: &Agent,
    request: &Request<'_>,
    progress: &dyn Progress,
) -> Result<Fetched, AdvisoryError> {
    let mut last = None;
    for _ in 0..ATTEMPTS {
        let before = length(request.part);
        match attempt(agent, request, progress) {
            Ok(Some(fetched)) => return Ok(fetched),
            Ok(None) => {}
            // Trying again helps only a transfer that was going well.
            Err(error @ AdvisoryError::Network { .. }) if length(request.part) > before => {
                last = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| failure(request.url, "the server answers in circles")))
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |meta| meta.len())
}

/// One request; `None` where it must be made again from the start.
fn attempt(
    agent: &Agent,
    request: &Request<'_>,
    progress: &dyn Progress,
) -> Result<Option<Fetched>, AdvisoryError> {
    let resumed = resumable(request);
    // A large file takes its time; `Pace` sees to it.
    let mut get = agent.get(request.url).config().timeout_global(None).build();
    for (name, value) in conditions(request, resumed.as_ref()) {
        get = get.header(name, value);
    }
    let response = get
        .call()
        .map_err(|error| failure(request.url, error.to_string()))?;
    let (status, tags) = (response.status().as_u16(), Tags::of(response.headers()));
    let known = tags.same(request.etag.as_deref(), request.last_modified.as_deref());
    match (status, &resumed) {
        (304, _) => Ok(Some(Fetched::Unchanged)),
        (206, Some((len, _))) if starts_at(response.headers(), *len) => {
            save(request, response, *len, progress)?;
            Ok(Some(Fetched::Complete(tags)))
        }
        (206 | 416, _) => {
            discard(request.part);
            Ok(None)
        }
        (200, _) if known => Ok(Some(Fetched::Unchanged)),
        (200, _) => {
            begin(request, &tags)?;
            save(request, response, 0, progress)?;
            Ok(Some(Fetched::Complete(tags)))
        }
        _ => Err(refusal(request.url, status)),
    }
}

/// The headers of a request: the rest of what is there in part, or the whole if it is not what is at hand.
fn conditions(
    request: &Request<'_>,
    resumed: Option<&(u64, String)>,
) -> Vec<(&'static str, String)> {
    if let Some((len, validator)) = resumed {
        return vec![
            ("Range", format!("bytes={len}-")),
            ("If-Range", validator.clone()),
        ];
    }
    let pairs = [
        ("If-None-Match", &request.etag),
        ("If-Modified-Since", &request.last_modified),
    ];
    pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone()?)))
        .collect()
}

fn refusal(url: &str, status: u16) -> AdvisoryError {
    match status {
        404 => AdvisoryError::NotFound {
            url: url.to_owned(),
        },
        _ => failure(url, format!("the server answers {status}")),
    }
}

pub(super) fn failure(url: &str, reason: impl Into<String>) -> AdvisoryError {
    AdvisoryError::Network {
        url: url.to_owned(),
        reason: reason.into(),
    }
}

/// How much of the file is there already, and what the server must still call it.
fn resumable(request: &Request<'_>) -> Option<(u64, String)> {
    let note: Note = serde_json::from_slice(&std::fs::read(note_path(request.part)).ok()?).ok()?;
    let len = length(request.part);
    let validator = note.tags.validator()?;
    (note.url == request.url && len > 0).then(|| (len, validator.to_owned()))
}

/// Whether `Content-Range` says that the answer goes on at byte `at`.
fn starts_at(headers: &HeaderMap, at: u64) -> bool {
    headers
        .get("content-range")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("bytes "))
        .and_then(|range| range.split('-').next()?.trim().parse().ok())
        == Some(at)
}

/// Empties the partial file and notes what will be in it.
fn begin(request: &Request<'_>, tags: &Tags) -> Result<(), AdvisoryError> {
    discard(request.part);
    File::create(request.part).map_err(AdvisoryError::io(request.part))?;
    let note = Note {
        url: request.url.to_owned(),
        tags: tags.clone(),
    };
    let path = note_path(request.part);
    let json = serde_json::to_vec(&note).unwrap_or_default();
    std::fs::write(&path, json).map_err(AdvisoryError::io(&path))
}

/// Appends the body of an answer to the partial file, which has `done` bytes.
fn save(
    request: &Request<'_>,
    mut response: Response<Body>,
    done: u64,
    progress: &dyn Progress,
) -> Result<(), AdvisoryError> {
    let expected = response.body().content_length();
    let total = expected.map(|len| len + done);
    if total.is_some_and(|total| total > request.bounds.largest) {
        return Err(too_large(request));
    }
    progress.start(request.url, total);
    progress.advance(done);
    let copied = copy(request, &mut response, done, progress);
    progress.finish();
    let copied = copied?;
    if expected.is_some_and(|expected| copied != expected) {
        return Err(failure(request.url, "the connection broke off"));
    }
    Ok(())
}

fn copy(
    request: &Request<'_>,
    response: &mut Response<Body>,
    done: u64,
    progress: &dyn Progress,
) -> Result<u64, AdvisoryError> {
    let mut file = OpenOptions::new()
        .append(true)
        .open(request.part)
        .map_err(AdvisoryError::io(request.part))?;
    let bounds = request.bounds;
    let config = response.body_mut().with_config();
    let mut reader = config.limit(bounds.largest.saturating_add(1)).reader();
    let mut pace = Pace::new(bounds);
    let mut buffer = vec![0; 128 * 1024];
    let mut copied = 0;
    loop {
        let len = match reader.read(&mut buffer) {
            Ok(0) => return Ok(copied),
            Ok(len) => len,
            Err(error) => return Err(failure(request.url, error.to_string())),
        };
        file.write_all(&buffer[..len])
            .map_err(AdvisoryError::io(request.part))?;
        copied += len as u64;
        progress.advance(len as u64);
        if copied + done > bounds.largest {
            return Err(too_large(request));
        }
        pace.moved(len).map_err(|reason| AdvisoryError::Server {
            url: request.url.to_owned(),
            reason,
        })?;
    }
}

/// A file that does not end. What came of it is of no use.
fn too_large(request: &Request<'_>) -> AdvisoryError {
    discard(request.part);
    AdvisoryError::Server {
        url: request.url.to_owned(),
        reason: format!("the file is larger than {} bytes", request.bounds.largest),
    }
}

/// Whether a transfer gets on.
struct Pace {
    bounds: Bounds,
    began: Instant,
    window_began: Instant,
    window_bytes: usize,
}

impl Pace {
    fn new(bounds: Bounds) -> Self {
        let now = Instant::now();
        Self {
            bounds,
            began: now,
            window_began: now,
            window_bytes: 0,
        }
    }

    /// Takes note of `bytes` more.
    ///
    /// # Errors
    /// What is wrong with the time that they took.
    fn moved(&mut self, bytes: usize) -> Result<(), String> {
        self.window_bytes += bytes;
        let now = Instant::now();
        if now.duration_since(self.began) > self.bounds.longest {
            let minutes = self.bounds.longest.as_secs().div_ceil(60);
            return Err(format!("it was not done after {minutes} minutes"));
        }
        let span = now.duration_since(self.window_began);
        if span < self.bounds.window {
            return Ok(());
        }
        let slowest = SLOWEST * span.as_secs_f64();
        if (self.window_bytes as f64) < slowest {
            return Err("the server sends less than a kilobyte a second".to_owned());
        }
        (self.window_began, self.window_bytes) = (now, 0);
        Ok(())
    }
}
