//! The ledger of a clone: which trees were checked, so that commits which never were can be named.
//!
//! A text file `hookd/ledger` in the git directory that all worktrees share, a line a record: the tree's id, what stands for
//! the configuration, and what was done. Records are appended in one write each, so that two commits at once lose none.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A ledger larger than this (about ten thousand records) gives up its older half.
const LARGEST: u64 = 1 << 20;
/// What stands for the configuration where it was not read.
const NO_CONFIGURATION: &str = "-";

/// What was done with a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// Every check passed, in pre-commit or pre-merge-commit.
    Checked,
    /// Its commit was checked when it was pushed.
    Pushed,
    /// hookd was turned off (`HOOKD=0`).
    Bypassed,
    /// All but these checks passed.
    Skipped(Vec<String>),
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The id of the tree.
    pub tree: String,
    /// What stands for the configuration; empty where it was not read.
    pub configuration: String,
    /// What was done.
    pub done: Done,
}

/// Why a commit does not count as checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unchecked {
    /// No run has seen its tree.
    NoRecord,
    /// hookd was turned off.
    Bypassed,
    /// These checks were left out.
    Skipped(Vec<String>),
    /// It was checked with another configuration than the one that was asked for.
    OtherConfiguration,
}

/// The records of a ledger, by tree.
#[derive(Debug, Default)]
pub struct Records {
    by_tree: HashMap<String, Vec<Record>>,
    /// Lines that are no records.
    pub broken: usize,
}

/// The ledger of a clone.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
}

impl Ledger {
    /// The ledger of the clone whose shared git directory is `common_dir`.
    #[must_use]
    pub fn of(common_dir: &Path) -> Self {
        Self {
            path: common_dir.join("hookd").join("ledger"),
        }
    }

    /// Where it is kept.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds records. The file is made where it is missing, and shortened where it has become too long.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&self, records: &[Record]) -> io::Result<()> {
        let mut file = self.open()?;
        let mut text: String = records.iter().map(line).collect();
        let length = file.metadata()?.len();
        if length > 0 && last_byte(&mut file)? != b'\n' {
            // Something broke off in the middle of a line: it must not take this record with it.
            text.insert(0, '\n');
        }
        file.write_all(text.as_bytes())?;
        file.unlock()?;
        if length > LARGEST {
            self.shorten()?;
        }
        Ok(())
    }

    /// Opens the file that has the name now, shared with others who append.
    fn open(&self) -> io::Result<File> {
        let open = || {
            OpenOptions::new()
                .read(true)
                .append(true)
                .create(true)
                .open(&self.path)
        };
        loop {
            let file = match open() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    fs::create_dir_all(self.path.parent().unwrap_or(Path::new(".")))?;
                    open()?
                }
                other => other?,
            };
            file.lock_shared()?;
            // While it was waited for the lock, a shorter file may have taken its name.
            if fs::metadata(&self.path).is_ok_and(|named| same(&file, &named)) {
                return Ok(file);
            }
        }
    }

    /// Leaves the newer half. Where somebody appends now, it waits for another time.
    fn shorten(&self) -> io::Result<()> {
        let mut file = File::open(&self.path)?;
        if file.try_lock().is_err() || !same(&file, &fs::metadata(&self.path)?) {
            return Ok(());
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let half = bytes.len() / 2;
        let start = memchr::memchr(b'\n', &bytes[half..]).map_or(bytes.len(), |at| half + at + 1);
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut fresh = tempfile::NamedTempFile::new_in(folder)?;
        fresh.write_all(&bytes[start..])?;
        fresh.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }

    /// Reads every record. Where there is no file there are none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&self) -> io::Result<Records> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let mut records = Records::default();
        let text = String::from_utf8_lossy(&bytes);
        for line in text.lines().filter(|line| !line.is_empty()) {
            match record(line) {
                Some(record) => records
                    .by_tree
                    .entry(record.tree.clone())
                    .or_default()
                    .push(record),
                None => records.broken += 1,
            }
        }
        Ok(records)
    }
}

impl Records {
    /// Whether the tree was checked; with `configuration` only where that was the one.
    ///
    /// # Errors
    /// Why it does not count as checked: the least of the reasons there are.
    pub fn judge(&self, tree: &str, configuration: Option<&str>) -> Result<(), Unchecked> {
        let records = self.by_tree.get(tree).map_or(&[][..], Vec::as_slice);
        let mut reason = Unchecked::NoRecord;
        for record in records {
            let found = match &record.done {
                Done::Checked | Done::Pushed => {
                    if configuration.is_none_or(|wanted| wanted == record.configuration) {
                        return Ok(());
                    }
                    Unchecked::OtherConfiguration
                }
                Done::Skipped(ids) => Unchecked::Skipped(ids.clone()),
                Done::Bypassed => Unchecked::Bypassed,
            };
            if rank(&found) >= rank(&reason) {
                reason = found;
            }
        }
        Err(reason)
    }
}

/// How near a reason is to having been checked.
const fn rank(reason: &Unchecked) -> u8 {
    match reason {
        Unchecked::NoRecord => 0,
        Unchecked::Bypassed => 1,
        Unchecked::Skipped(_) => 2,
        Unchecked::OtherConfiguration => 3,
    }
}

fn same(file: &File, named: &fs::Metadata) -> bool {
    file.metadata()
        .is_ok_and(|meta| (meta.dev(), meta.ino()) == (named.dev(), named.ino()))
}

fn last_byte(file: &mut File) -> io::Result<u8> {
    let mut byte = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

fn line(record: &Record) -> String {
    let done = match &record.done {
        Done::Checked => "checked".to_owned(),
        Done::Pushed => "pushed".to_owned(),
        Done::Bypassed => "bypassed".to_owned(),
        Done::Skipped(ids) => format!("skipped:{}", ids.join(",")),
    };
    let configuration = match record.configuration.as_str() {
        "" => NO_CONFIGURATION,
        some => some,
    };
    format!("{} {configuration} {done}\n", record.tree)
}

fn record(line: &str) -> Option<Record> {
    let mut words = line.split(' ');
    let (tree, configuration, done) = (words.next()?, words.next()?, words.next()?);
    let is_id = tree.len() >= 40 && tree.bytes().all(|byte| byte.is_ascii_hexdigit());
    let done = match done.split_once(':') {
        Some(("skipped", ids)) => Done::Skipped(ids.split(',').map(str::to_owned).collect()),
        None if done == "checked" => Done::Checked,
        None if done == "pushed" => Done::Pushed,
        None if done == "bypassed" => Done::Bypassed,
        _ => return None,
    };
    (is_id && words.next().is_none()).then(|| Record {
        tree: tree.to_owned(),
        configuration: configuration
            .strip_prefix(NO_CONFIGURATION)
            .unwrap_or(configuration)
            .to_owned(),
        done,
    })
}

#[cfg(test)]
mod tests {
    use super::{Done, LARGEST, Ledger, Record, Unchecked};
    use std::fs;

    fn record(tree: char, configuration: &str, done: Done) -> Record {
        Record {
            tree: tree.to_string().repeat(40),
            configuration: configuration.to_owned(),
            done,
        }
    }

    #[test]
    fn the_best_record_of_a_tree_counts() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::of(folder.path());
        assert_eq!(
            ledger.read().unwrap().judge("a", None),
            Err(Unchecked::NoRecord)
        );
        let skipped = Done::Skipped(vec!["audit".to_owned(), "lint".to_owned()]);
        let records = [
            record('a', "", Done::Bypassed),
            record('b', "x", skipped),
            record('b', "", Done::Bypassed),
            record('c', "x", Done::Checked),
            record('d', "", Done::Bypassed),
            record('d', "x", Done::Pushed),
        ];
        for record in records {
            ledger.add(&[record]).unwrap();
        }
        let read = ledger.read().unwrap();
        let judge = |tree: &str, configuration| read.judge(&tree.repeat(40), configuration);
        assert_eq!(judge("a", None), Err(Unchecked::Bypassed));
        let ids = vec!["audit".to_owned(), "lint".to_owned()];
        assert_eq!(judge("b", Some("x")), Err(Unchecked::Skipped(ids)));
        assert_eq!(judge("c", Some("x")), Ok(()));
        assert_eq!(judge("c", Some("y")), Err(Unchecked::OtherConfiguration));
        assert_eq!(judge("c", None), Ok(()));
        assert_eq!(judge("d", Some("x")), Ok(()));
        assert_eq!(read.broken, 0);
    }

    #[test]
    fn junk_costs_only_itself_and_the_file_stays_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::of(folder.path());
        ledger.add(&[record('a', "x", Done::Checked)]).unwrap();
        let mut bytes = fs::read(ledger.path()).unwrap();
        bytes.extend_from_slice(b"\xff\x00junk\nbroken off");
        fs::write(ledger.path(), bytes).unwrap();
        ledger.add(&[record('b', "x", Done::Checked)]).unwrap();
        let read = ledger.read().unwrap();
        assert_eq!(read.broken, 2);
        assert_eq!(read.judge(&"b".repeat(40), None), Ok(()));
        let many = vec![record('c', "x", Done::Checked); 30_000];
        ledger.add(&many).unwrap();
        ledger.add(&[record('e', "x", Done::Checked)]).unwrap();
        assert!(fs::metadata(ledger.path()).unwrap().len() < LARGEST);
        let read = ledger.read().unwrap();
        assert_eq!(
            (read.broken, read.judge(&"e".repeat(40), None)),
            (0, Ok(()))
        );
    }

    #[test]
    fn threads_lose_no_record() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let ledger = Ledger::of(folder.path());
                scope.spawn(move || {
                    for number in 0..50 {
                        let mut one = record('a', "x", Done::Checked);
                        one.tree = format!("{:040x}", thread * 1000 + number);
                        ledger.add(&[one]).unwrap();
                    }
                });
            }
        });
        let read = Ledger::of(folder.path()).read().unwrap();
        assert_eq!((read.by_tree.len(), read.broken), (200, 0));
    }
}
