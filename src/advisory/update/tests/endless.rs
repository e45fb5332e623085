//! Servers that never come to an end: a clear error in bounded time and size, and the old data stays.

use super::{Server, ZIP, archive, imported, records};
use crate::advisory::update::update;
use crate::advisory::{AdvisoryError, UpdateOptions};
use crate::version::Ecosystem;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

const OK: &str = "HTTP/1.1 200 OK\r\nETag: \"x\"\r\n";
const MANY: u64 = 256 * 1024;

/// What a server sends first, and then over and over with a pause between.
struct Way {
    first: String,
    over: Vec<u8>,
    pause: Duration,
    /// Only on this path; others are not found.
    path: &'static str,
}

impl Way {
    fn fast(first: &str, over: &[u8]) -> Self {
        Self {
            first: first.to_owned(),
            over: over.to_vec(),
            pause: Duration::ZERO,
            path: "all.zip",
        }
    }

    fn slow(first: &str, over: &[u8]) -> Self {
        Self {
            pause: Duration::from_millis(20),
            ..Self::fast(first, over)
        }
    }

    fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let first = lines.next().unwrap_or(Ok(String::new()))?;
        for line in lines {
            if line?.is_empty() {
                break;
            }
        }
        if !first.contains(self.path) {
            return stream.write_all(
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
        stream.write_all(self.first.as_bytes())?;
        if self.over.is_empty() {
            return Ok(());
        }
        // It ends when the client hangs up.
        loop {
            stream.write_all(&self.over)?;
            std::thread::sleep(self.pause);
        }
    }

    fn serve(self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that hangs up early is what the tests are for.
                let _ = self.answer(stream);
            }
        });
        url
    }
}

/// What comes of an update of `dest` from such a server.
#[track_caller]
fn ends(way: Way, dest: &Path, longest: Duration) -> AdvisoryError {
    let options = UpdateOptions {
        base_url: way.serve(),
        ecosystems: vec![Ecosystem::CratesIo],
        force: false,
        timeout: Duration::from_millis(200),
        longest,
        largest: MANY,
    };
    let began = Instant::now();
    let outcome = update(dest, &options, &()).unwrap().pop().unwrap().outcome;
    assert!(began.elapsed() < Duration::from_secs(10));
    for entry in dest.read_dir().unwrap() {
        assert!(entry.unwrap().metadata().unwrap().len() <= 2 * MANY);
    }
    outcome.unwrap_err()
}

fn with_data() -> tempfile::TempDir {
    let (server, dest) = (Server::start(), tempfile::tempdir().unwrap());
    server.put(ZIP, archive(40), "one");
    assert_eq!(imported(server.update(dest.path(), false)), 40);
    dest
}

const LONG: Duration = Duration::from_secs(3600);

#[test]
fn bodies_without_end() {
    let dest = with_data();
    let length = format!("{OK}Content-Length: 9999999999\r\n\r\n");
    let open = format!("{OK}Connection: close\r\n\r\n");
    let chunked = format!("{OK}Transfer-Encoding: chunked\r\n\r\n");
    let (large, chunk) = (vec![b'P'; 4096], b"1\r\nP\r\n");
    for (way, said) in [
        (Way::slow(&open, b"P"), "less than a kilobyte a second"),
        (Way::slow(&chunked, chunk), "less than a kilobyte a second"),
        (Way::fast(&open, &large), "larger than 262144 bytes"),
        (Way::fast(&chunked, chunk), "larger than 262144 bytes"),
        (Way::fast(&length, &large), "larger than 262144 bytes"),
    ] {
        let error = ends(way, dest.path(), LONG);
        assert!(matches!(error, AdvisoryError::Server { .. }), "{error}");
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(records(dest.path()), 40);
    }
    // Fast enough and small enough, and yet it takes too long.
    let steady = Way::slow(&open, &[b'P'; 100]);
    let error = ends(steady, dest.path(), Duration::from_millis(400));
    assert!(error.to_string().contains("not done after"), "{error}");
    assert_eq!(records(dest.path()), 40);
}

#[test]
fn heads_without_end() {
    let dest = with_data();
    let redirect = "HTTP/1.1 302 Found\r\nLocation: /crates.io/all.zip?again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    for way in [
        Way::slow("", b"H"),
        Way::slow(OK, b"X: y\r\n"),
        Way::fast(OK, b"X: y\r\n"),
        Way::fast(OK, &[b'X'; 4096]),
        Way::slow("", b"HTTP/1.1 100 Continue\r\n\r\n"),
        Way::fast("", b"HTTP/1.1 100 Continue\r\n\r\n"),
        Way::fast(redirect, b""),
    ] {
        let error = ends(way, dest.path(), LONG);
        assert!(matches!(error, AdvisoryError::Network { .. }), "{error}");
        assert_eq!(records(dest.path()), 40);
    }
}

#[test]
fn lists_without_end() {
    let dest = with_data();
    let open = format!("{OK}Connection: close\r\n\r\n");
    // The database must be of the server that is asked: the data comes from each of them first.
    for way in [
        Way::slow(&open, b"2"),
        Way::slow(&open, b"\n"),
        Way::slow(OK, b"X: y\r\n"),
        Way::fast(&open, b"2030-01-01T00:00:00Z,T-1\n"),
        Way::fast(&open, b"2"),
    ] {
        let is_slow = !way.pause.is_zero();
        let url = way.at("modified_id.csv").serve();
        let database = crate::advisory::Database::open(dest.path(), Ecosystem::CratesIo)
            .unwrap()
            .unwrap();
        let mut meta = database.meta().clone();
        meta.source = format!("{url}/crates.io/all.zip");
        let bytes = database.with_meta(&meta);
        super::super::replace(dest.path(), Ecosystem::CratesIo, &bytes).unwrap();
        let options = UpdateOptions {
            base_url: url,
            ecosystems: vec![Ecosystem::CratesIo],
            timeout: Duration::from_millis(200),
            ..UpdateOptions::default()
        };
        let began = Instant::now();
        let outcome = update(dest.path(), &options, &())
            .unwrap()
            .pop()
            .unwrap()
            .outcome;
        assert!(began.elapsed() < Duration::from_secs(10));
        // A list that is none sends it to the archive, which this server does not have.
        match outcome.unwrap_err() {
            AdvisoryError::Network { .. } => assert!(is_slow),
            AdvisoryError::NotFound { .. } => {}
            other => panic!("{other}"),
        }
        assert_eq!(records(dest.path()), 40);
    }
}

#[test]
fn an_encrypted_mirror_leads_to_encrypted_places_only() {
    let agent = super::super::download::agent(Duration::from_secs(1), "https://mirror.example");
    let error = agent.get("http://127.0.0.1:9/").call().unwrap_err();
    assert!(error.to_string().contains("https"), "{error}");
}
