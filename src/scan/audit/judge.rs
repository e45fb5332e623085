//! Looks every package of a lockfile up, and judges what is known of it against the change.

use super::before::Keys;
use super::clear::Clear;
use super::ignore::{Question, Verdict, verdict};
use super::packages::{Key, Lockfile, One, distinct, key as key_of};
use super::remedy::{Fix, Route};
use super::report::{self, Found};
use super::{Audit, ID};
use crate::advisory::{Advisory, AdvisoryError, Database, Kind, group};
use crate::lockfile::{self, Graph, LockfileSpec, Manifests, Package, Requirement, Source};
use crate::model::{Accepted, CheckError, Novelty, Severity, Sink};
use crate::scan::SourceFile;
use crate::version::Ecosystem;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::Arc;

/// How many requirements are gone through for the findings of one lockfile. Where each of thousands of versions of a name is
/// asked for by itself, somebody means to keep others busy, and the fix lines do without.
const REQUIREMENTS_MOST: usize = 1_000_000;

/// Emits a finding for each advisory that concerns a package of the lockfile.
pub(super) fn judge(lockfile: &Lockfile<'_>, out: &mut Sink) {
    let Lockfile {
        audit,
        file,
        format,
        packages: all,
        text,
        ..
    } = *lockfile;
    let packages = distinct(all);
    let mut judge = Judge {
        lockfile,
        audit,
        file,
        format,
        all,
        text,
        packages: &packages,
        now: OnceCell::new(),
        graph: None,
        manifests: None,
        requirements_left: REQUIREMENTS_MOST,
        found: HashSet::new(),
        out,
    };
    // Nearly always all packages are of one ecosystem.
    let mut open: Option<(Ecosystem, Option<Arc<Database>>)> = None;
    for package in &packages {
        let ecosystem = package.ecosystem;
        if open.as_ref().is_none_or(|(last, _)| *last != ecosystem) {
            open = Some((ecosystem, audit.databases.get(ecosystem, judge.out)));
        }
        let Some((_, Some(database))) = &open else {
            continue;
        };
        if let Err(error) = judge.package(database, &key_of(package), package) {
            audit.databases.damaged(ecosystem, &error, judge.out);
        }
    }
    judge.note_fixed();
}

struct Judge<'a, 'file, 'out> {
    lockfile: &'a Lockfile<'file>,
    audit: &'a Audit,
    file: &'a SourceFile<'a>,
    format: &'static LockfileSpec,
    /// Every package of the lockfile, as it lists them.
    all: &'a [Package],
    text: &'a str,
    packages: &'a [One<'a>],
    /// Made when the first new package with an advisory is found.
    now: OnceCell<Keys<'a>>,
    /// Who needs what: read likewise.
    graph: Option<Option<Graph<'a>>>,
    /// What the project asks for: read likewise.
    manifests: Option<Manifests>,
    /// How many requirements may still be gone through.
    requirements_left: usize,
    /// Each advisory that is about a package of any version, by the package's name and its id.
    found: HashSet<(String, String)>,
    out: &'out mut Sink,
}

impl Judge<'_, '_, '_> {
    fn package(
        &mut self,
        database: &Database,
        key: &Key<'_>,
        package: &Package,
    ) -> Result<(), AdvisoryError> {
        let mut lookup = database.matches(&key.1, &key.2)?;
        if key.2.is_empty() {
            // Nobody knows which version it is: only what is said of every version of the registry's package counts.
            let published = matches!(package.source, Source::Registry | Source::Unknown);
            lookup
                .matches
                .retain(|found| published && found.kind == Kind::Malicious);
        }
        if let Some(error) = lookup.unjudged.filter(|_| !key.2.is_empty()) {
            self.unjudged(package, &error.to_string());
        }
        if lookup.matches.is_empty() {
            return Ok(());
        }
        let advisories = group(lookup.matches);
        let clear = Clear::new(database, key, &advisories)?;
        for advisory in &advisories {
            self.found
                .insert((key.1.to_string(), advisory.main.id.clone()));
            self.advisory(database, key, package, advisory, &clear)?;
        }
        Ok(())
    }

    fn advisory(
        &mut self,
        database: &Database,
        key: &Key<'_>,
        package: &Package,
        advisory: &Advisory,
        clear: &Clear<'_>,
    ) -> Result<(), AdvisoryError> {
        let settings = &self.audit.settings;
        let severity = report::severity(advisory);
        let question = Question {
            advisory,
            severity,
            ecosystem: key.0,
            package: &package.name,
            version: &package.version,
            path: &self.file.meta().path,
        };
        let foreign = self.audit.foreign(self.out);
        let ignores = settings.ignore.iter().chain(&foreign.ignores);
        let verdict = verdict(ignores, &question, settings.today);
        let summary = database.summary(&package.name, &advisory.main)?;
        let (novelty, was) = self.novelty(key);
        // What was there before is not shown.
        let is_shown = novelty != Novelty::Existing;
        let fix = clear.fix(advisory, is_shown)?;
        let fixed_alone = if is_shown {
            clear.alone(advisory)?
        } else {
            None
        };
        // Nor is the way to it, for which all lists of the lockfile would be read.
        let route = if is_shown {
            self.route(package, &fix)
        } else {
            Route::default()
        };
        let found = Found {
            file: self.file,
            upgrade: self.format.upgrade_of(self.file.bytes()),
            package,
            advisory,
            summary: &summary,
            severity,
            blocking: self.blocks(advisory, severity, package),
            novelty,
            fix,
            fixed_alone,
            was,
            route,
        };
        match verdict {
            Verdict::Accepted(ignore) => self.out.accept_as(Accepted {
                finding: found.finding(),
                by: ignore.from.clone(),
                reason: ignore.reason.clone(),
            }),
            Verdict::Counts => self.out.finding(found.finding()),
            Verdict::Expired(until) => {
                self.out.finding(found.finding());
                self.out.finding(found.expired(until));
            }
        }
        Ok(())
    }

    /// The way to the package, and what keeps it from the version that would fix it.
    fn route(&mut self, package: &Package, fix: &Fix) -> Route {
        let (format, text, all) = (self.format, self.text, self.all);
        let graph = self
            .graph
            .get_or_insert_with(|| lockfile::graph(format, text, all));
        let Package { name, version, .. } = package;
        let graph = graph.as_ref();
        // What the project asks for itself has no way, and none need be looked for.
        let indirect = graph.filter(|_| package.direct != Some(true));
        let way = indirect.and_then(|graph| graph.path(name, version));
        let mut path: Vec<String> = way.into_iter().flatten().map(str::to_owned).collect();
        let wanted = fix.version();
        let obstacle = graph
            .and_then(|graph| wanted.and_then(|wanted| graph.obstacle(name, version, wanted)?));
        let mut asked = self.asked(name);
        // What leaves out the version that is locked is about another one of the name.
        if let Some(list) = &mut asked {
            list.retain(|one| one.admits(version) != Some(false));
        }
        match (&asked, path.first()) {
            // Others need it as well.
            (Some(list), _) if !list.is_empty() => path.clear(),
            (_, Some(top)) => asked = self.asked(top).or(asked),
            _ => {}
        }
        Route {
            path,
            obstacle,
            asked,
        }
    }

    /// What the project's manifests ask for under a name; `None` where they do not tell.
    fn asked(&mut self, name: &str) -> Option<Vec<Requirement>> {
        if self.requirements_left == 0 {
            return None;
        }
        let read = |path: &str| self.audit.neighbours.context(path);
        let path = self.file.meta().path.to_text();
        let manifests = self.manifests.get_or_insert_with(|| {
            let folders = |folder: &str| self.audit.neighbours.folders(folder);
            Manifests::new(self.format, &path, self.file.bytes(), &read, &folders)
        });
        let asked = manifests.requirements(name);
        let seen = asked.as_ref().map_or(0, Vec::len);
        self.requirements_left = self.requirements_left.saturating_sub(seen);
        asked
    }

    fn blocks(&self, advisory: &Advisory, severity: Severity, package: &Package) -> bool {
        let settings = &self.audit.settings;
        settings.blocks
            && match advisory.kind {
                Kind::Malicious => true,
                Kind::Vulnerability => severity >= settings.threshold(package.dev),
                Kind::Unsound | Kind::Unmaintained | Kind::Notice => false,
            }
    }

    /// The packages of today.
    fn now(&self) -> &Keys<'_> {
        let packages = self.packages;
        self.now
            .get_or_init(|| Keys::of(packages.iter().map(|one| key_of(one))))
    }

    /// Whether the change brings the package in this version in, and the version whose place it takes.
    fn novelty(&self, key: &Key<'_>) -> (Novelty, Option<String>) {
        let before = self.lockfile.before();
        if before.has(key) {
            let whole = self.audit.settings.whole_files;
            return (
                if whole {
                    Novelty::New
                } else {
                    Novelty::Existing
                },
                None,
            );
        }
        if before.is_empty() {
            return (Novelty::New, None);
        }
        let was = before.replaced(key, self.now()).map(str::to_owned);
        (Novelty::New, was)
    }

    /// Counts the advisories that were about packages before the change and are no more: it removed or upgraded them.
    fn note_fixed(&mut self) {
        let before = self.lockfile.before();
        if !self.audit.settings.judges_change || before.is_empty() {
            return;
        }
        let mut gone = HashSet::new();
        for key in before.gone(self.now()) {
            // What is wrong with the data was said when the packages of today were looked up, or concerns none of them.
            let database = self.audit.databases.known(key.0);
            let lookup = database.and_then(|database| database.matches(&key.1, &key.2).ok());
            for advisory in group(lookup.unwrap_or_default().matches) {
                gone.insert((key.1.to_string(), advisory.main.id));
            }
        }
        self.out.note_fixed(gone.difference(&self.found).count());
    }

    /// A version without a place in the order can be neither in nor out of a range.
    fn unjudged(&mut self, package: &Package, reason: &str) {
        let line = self.file.position(package.span.start).line;
        self.out.error(CheckError {
            path: Some(self.file.meta().path.clone()),
            scanner: ID,
            message: format!("not audited: {} (line {line}): {reason}", package.name),
            help: "lock a released version, or leave the file out with `exclude` in `[scan.audit]`"
                .to_owned(),
            fatal: !self.audit.settings.judges_change,
        });
    }
}
