mod delta;
mod endless;

use super::{UpdateOptions, Updated, update};
use crate::advisory::{AdvisoryError, Database};
use crate::version::Ecosystem;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use zip::write::SimpleFileOptions;

/// A server of one bucket: files by path, each with its tag, and how many bytes of a body it sends before it hangs up.
#[derive(Default)]
struct Bucket {
    files: HashMap<String, (Vec<u8>, String)>,
    cut: Option<usize>,
    /// The only path that is cut, where there is one.
    cut_path: Option<String>,
    log: Vec<String>,
}

struct Server {
    url: String,
    bucket: Arc<Mutex<Bucket>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let bucket = Arc::new(Mutex::new(Bucket::default()));
        let shared = Arc::clone(&bucket);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that hangs up early is part of the tests.
                let _ = answer(stream, &shared);
            }
        });
        Self { url, bucket }
    }

    fn put(&self, path: &str, bytes: Vec<u8>, tag: &str) {
        let mut bucket = self.bucket.lock().unwrap();
        bucket
            .files
            .insert(path.to_owned(), (bytes, format!("\"{tag}\"")));
    }

    fn cut(&self, after: Option<usize>) {
        let mut bucket = self.bucket.lock().unwrap();
        (bucket.cut, bucket.cut_path) = (after, None);
    }

    fn cut_at(&self, path: &str, after: usize) {
        let mut bucket = self.bucket.lock().unwrap();
        (bucket.cut, bucket.cut_path) = (Some(after), Some(path.to_owned()));
    }

    fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.bucket.lock().unwrap().log)
    }

    fn update(&self, dest: &Path, force: bool) -> Result<Updated, AdvisoryError> {
        let options = UpdateOptions {
            base_url: format!("{}/", self.url),
            ecosystems: vec![Ecosystem::CratesIo],
            force,
            ..UpdateOptions::default()
        };
        update(dest, &options, &()).unwrap().pop().unwrap().outcome
    }
}

fn answer(mut stream: TcpStream, bucket: &Mutex<Bucket>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap_or(Ok(String::new()))?;
    let mut headers = HashMap::new();
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let path = first.split(' ').nth(1).unwrap_or("/")[1..].to_owned();
    let mut bucket = bucket.lock().unwrap();
    let range = headers.get("range").cloned().unwrap_or_default();
    bucket.log.push(format!("{path} {range}").trim().to_owned());
    let Some((bytes, tag)) = bucket.files.get(&path).cloned() else {
        return stream.write_all(
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
    };
    if headers.get("if-none-match") == Some(&tag) {
        return stream.write_all(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
    }
    let from = range
        .strip_prefix("bytes=")
        .and_then(|range| range.trim_end_matches('-').parse::<usize>().ok())
        .filter(|_| headers.get("if-range") == Some(&tag))
        .filter(|&from| from < bytes.len());
    let status = from.map_or_else(
        || "200 OK".to_owned(),
        |from| {
            let (last, all) = (bytes.len() - 1, bytes.len());
            format!("206 Partial Content\r\nContent-Range: bytes {from}-{last}/{all}")
        },
    );
    let body = &bytes[from.unwrap_or(0)..];
    let head = format!(
        "HTTP/1.1 {status}\r\nETag: {tag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    let cut = bucket
        .cut
        .filter(|_| bucket.cut_path.as_ref().is_none_or(|only| *only == path));
    let sent = cut.unwrap_or(body.len()).min(body.len());
    stream.write_all(&body[..sent])
}

/// An archive with `count` advisories for as many packages.
fn archive(count: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..count {
        let json = format!(
            r#"{{"id":"T-{number}","modified":"2026-01-01T00:00:00Z","affected":[{{"package":{{"ecosystem":"crates.io","name":"p{number}"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}},{{"fixed":"1.0.0"}}]}}]}}]}}"#
        );
        let options = SimpleFileOptions::default();
        zip.start_file(format!("T-{number}.json"), options).unwrap();
        zip.write_all(json.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn records(dest: &Path) -> u64 {
    let database = Database::open(dest, Ecosystem::CratesIo).unwrap().unwrap();
    database.verify().unwrap();
    assert_eq!(database.matches("p0", "0.9.0").unwrap().matches.len(), 1);
    assert_eq!(database.matches("p0", "1.0.0").unwrap().matches.len(), 0);
    database.meta().records
}

fn imported(outcome: Result<Updated, AdvisoryError>) -> u64 {
    match outcome {
        Ok(Updated::Imported(imported)) => imported.meta.records,
        other => panic!("{other:?}"),
    }
}

/// Only the database is left in the folder.
fn tidy(dest: &Path) -> bool {
    dest.read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path().extension().unwrap().to_owned())
        .all(|end| end == "db" || end == "lock")
}

const ZIP: &str = "crates.io/all.zip";

#[test]
fn a_full_download_then_nothing_to_do() {
    let (server, dest) = (Server::start(), tempfile::tempdir().unwrap());
    server.put(ZIP, archive(40), "one");
    assert_eq!(imported(server.update(dest.path(), false)), 40);
    assert_eq!(
        server.update(dest.path(), false).unwrap(),
        Updated::UpToDate
    );
    assert_eq!(records(dest.path()), 40);
    assert!(tidy(dest.path()));
    server.put(ZIP, archive(41), "two");
    assert_eq!(imported(server.update(dest.path(), false)), 41);
    assert_eq!(imported(server.update(dest.path(), true)), 41);
}

#[test]
fn a_broken_download_goes_on_where_it_stopped() {
    let (server, dest) = (Server::start(), tempfile::tempdir().unwrap());
    let bytes = archive(200);
    let third = bytes.len() / 3;
    server.put(ZIP, bytes, "one");
    server.cut(Some(third / 5));
    assert!(matches!(
        server.update(dest.path(), false),
        Err(AdvisoryError::Network { .. })
    ));
    assert!(
        Database::open(dest.path(), Ecosystem::CratesIo)
            .unwrap()
            .is_none()
    );
    server.cut(Some(third * 2));
    server.log();
    assert_eq!(imported(server.update(dest.path(), false)), 200);
    let log = server.log();
    assert!(log[0].contains("bytes="), "{log:?}");
    assert_eq!(records(dest.path()), 200);
    assert!(tidy(dest.path()));
}

#[test]
fn a_file_that_changed_meanwhile_is_fetched_from_the_start() {
    let (server, dest) = (Server::start(), tempfile::tempdir().unwrap());
    server.put(ZIP, archive(200), "one");
    server.cut(Some(500));
    assert!(server.update(dest.path(), false).is_err());
    server.cut(None);
    server.put(ZIP, archive(150), "two");
    assert_eq!(imported(server.update(dest.path(), false)), 150);
    assert_eq!(records(dest.path()), 150);
}

#[test]
fn bad_news_leaves_the_old_data_alone() {
    let (server, dest) = (Server::start(), tempfile::tempdir().unwrap());
    server.put(ZIP, archive(100), "one");
    assert_eq!(imported(server.update(dest.path(), false)), 100);

    let mut damaged = archive(100);
    let middle = damaged.len() / 4;
    damaged[middle..middle + 40].fill(0x55);
    for (bytes, tag) in [(damaged, "two"), (b"not a zip".to_vec(), "three")] {
        server.put(ZIP, bytes, tag);
        assert!(matches!(
            server.update(dest.path(), false),
            Err(AdvisoryError::Archive { .. })
        ));
        assert_eq!(records(dest.path()), 100);
    }

    server.put(ZIP, archive(94), "four");
    assert!(matches!(
        server.update(dest.path(), false),
        Err(AdvisoryError::Shrunk {
            old: 100,
            new: 94,
            ..
        })
    ));
    assert_eq!(records(dest.path()), 100);
    assert!(tidy(dest.path()));
    assert_eq!(imported(server.update(dest.path(), true)), 94);

    server.put(ZIP, archive(0), "five");
    assert!(matches!(
        server.update(dest.path(), false),
        Err(AdvisoryError::NoRecords { .. })
    ));
    assert_eq!(records(dest.path()), 94);
}

#[test]
fn what_the_server_does_not_have_is_an_error_only_if_asked_for() {
    let (server, dest) = (Server::start(), tempfile::tempdir().unwrap());
    assert!(matches!(
        server.update(dest.path(), false),
        Err(AdvisoryError::NotFound { .. })
    ));
    server.put(ZIP, archive(3), "one");
    let options = UpdateOptions {
        base_url: server.url.clone(),
        ..UpdateOptions::default()
    };
    let reports = update(dest.path(), &options, &()).unwrap();
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].ecosystem, Ecosystem::CratesIo);
    server.log();
    server.put("ecosystems.txt", b"Debian\ncrates.io\n".to_vec(), "list");
    let reports = update(dest.path(), &options, &()).unwrap();
    assert!(matches!(reports[0].outcome, Ok(Updated::UpToDate)));
    assert_eq!(
        server.log().len(),
        3,
        "the list of ecosystems, that of changes, the archive"
    );
}

#[test]
fn two_updates_do_not_run_at_once() {
    let (server, dest) = (Server::start(), tempfile::tempdir().unwrap());
    server.put(ZIP, archive(4), "one");
    let lock = std::fs::File::create(dest.path().join("update.lock")).unwrap();
    lock.lock().unwrap();
    let options = UpdateOptions {
        base_url: server.url.clone(),
        ..UpdateOptions::default()
    };
    assert!(matches!(
        update(dest.path(), &options, &()),
        Err(AdvisoryError::Busy)
    ));
    assert!(server.log().is_empty());
    drop(lock);
    assert_eq!(imported(server.update(dest.path(), false)), 4);
}

#[test]
fn a_server_that_is_not_there_is_said_once() {
    let dest = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let options = UpdateOptions {
        base_url,
        ..UpdateOptions::default()
    };
    let reports = update(dest.path(), &options, &()).unwrap();
    assert_eq!(reports.len(), 1);
    assert!(matches!(
        reports[0].outcome,
        Err(AdvisoryError::Network { .. })
    ));
}
