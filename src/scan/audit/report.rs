//! What a finding says.

use super::packages::key;
use super::remedy::{Fix, Remedy, Route, remedy};
use super::rules::EXPIRED;
use super::{ID, excerpt};
use crate::advisory::{Advisory, Kind};
use crate::lockfile::{Package, Upgrade};
use crate::model::{Finding, Novelty, Severity};
use crate::scan::SourceFile;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::ops::Range;

/// An advisory that concerns a package of a lockfile.
pub(super) struct Found<'a> {
    pub(super) file: &'a SourceFile<'a>,
    pub(super) upgrade: Upgrade,
    pub(super) package: &'a Package,
    pub(super) advisory: &'a Advisory,
    /// What it says, in one line.
    pub(super) summary: &'a str,
    pub(super) severity: Severity,
    pub(super) blocking: bool,
    pub(super) novelty: Novelty,
    pub(super) fix: Fix,
    /// The lowest version that this advisory alone is not about.
    pub(super) fixed_alone: Option<String>,
    /// The version that the change replaced.
    pub(super) was: Option<String>,
    /// How the project comes to it.
    pub(super) route: Route,
}

/// How bad an advisory is. A vulnerability that nobody rated counts as high: most are rated later, and what is not
/// known to be harmless should not pass a threshold.
pub(super) fn severity(advisory: &Advisory) -> Severity {
    match advisory.kind {
        Kind::Malicious => Severity::Critical,
        Kind::Vulnerability => advisory.severity.unwrap_or(Severity::High),
        Kind::Unsound => advisory.severity.unwrap_or(Severity::Medium),
        Kind::Unmaintained => Severity::Low,
        Kind::Notice => Severity::Info,
    }
}

/// A finding about a package itself, whatever the advisories say.
pub(super) struct Notice<'a> {
    pub(super) rule: &'static str,
    pub(super) severity: Severity,
    pub(super) blocking: bool,
    /// Bytes of the lockfile.
    pub(super) place: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
    /// What makes it another finding than others of the rule and the package.
    pub(super) identity: &'a str,
    /// Facts beside ecosystem, name and version.
    pub(super) more: Option<(&'static str, Value)>,
}

impl Notice<'_> {
    /// The finding about `package` in `file`. It is new: such things are told of what a change brings in.
    pub(super) fn finding(self, file: &SourceFile<'_>, package: &Package) -> Finding {
        let data = [
            ("ecosystem", json!(package.ecosystem.as_str())),
            ("package", json!(package.name)),
            ("version", json!(package.version)),
        ];
        Finding {
            scanner: ID,
            rule: Cow::Borrowed(self.rule),
            severity: self.severity,
            blocking: self.blocking,
            novelty: Novelty::New,
            path: file.meta().path.clone(),
            span: file.span(self.place.clone()),
            message: self.message,
            help: self.help,
            excerpt: excerpt::line_excerpt(file, self.place, &titled(package)),
            identity: format!("{}\0{}", package.name, self.identity).into_bytes(),
            data: data
                .into_iter()
                .chain(self.more)
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<Map<_, _>>(),
        }
    }
}

/// "left-pad 1.3.0".
pub(super) fn titled(package: &Package) -> String {
    format!("{} {}", package.name, package.version)
}

impl Found<'_> {
    /// The finding about the advisory.
    pub(super) fn finding(&self) -> Finding {
        let Self {
            package, advisory, ..
        } = self;
        Finding {
            scanner: ID,
            rule: Cow::Owned(advisory.main.id.clone()),
            severity: self.severity,
            blocking: self.blocking,
            novelty: self.novelty,
            path: self.file.meta().path.clone(),
            span: self.file.span(package.span.clone()),
            message: self.message(),
            help: self.help(),
            excerpt: excerpt::excerpt(self.file, package),
            identity: self.identity(),
            data: self.data(),
        }
    }

    /// The warning that somebody's acceptance of the advisory is over.
    pub(super) fn expired(&self, until: Date) -> Finding {
        let id = &self.advisory.main.id;
        Finding {
            rule: Cow::Borrowed(EXPIRED),
            severity: Severity::Info,
            blocking: false,
            message: format!("{id} in {} was accepted until {until}", self.package.name),
            help: format!(
                "{}, or set a later `until` in `[scan.audit]`",
                self.remedy().text
            ),
            ..self.finding()
        }
    }

    fn identity(&self) -> Vec<u8> {
        let (_, name, _) = key(self.package);
        format!("{name}\0{}", self.advisory.main.id).into_bytes()
    }

    fn message(&self) -> String {
        let Package { name, version, .. } = self.package;
        let was = self
            .was
            .as_deref()
            .map_or_else(String::new, |was| self.change(was));
        let space = if version.is_empty() { "" } else { " " };
        format!(
            "{name}{space}{version}{was}: {} ({}){}",
            self.summary,
            self.rating(),
            self.route.via()
        )
    }

    fn change(&self, was: &str) -> String {
        let Package {
            ecosystem, version, ..
        } = self.package;
        let word = match ecosystem.compare(version, was) {
            Ok(order) if order.is_gt() => "upgraded",
            Ok(order) if order.is_lt() => "downgraded",
            _ => "changed",
        };
        format!(" ({word} from {was})")
    }

    /// The name that people know it by, and how bad it is.
    fn rating(&self) -> String {
        let advisory = self.advisory;
        let is_cve = |id: &&String| id.starts_with("CVE-");
        let known_as = advisory
            .aliases
            .iter()
            .find(is_cve)
            .filter(|_| !is_cve(&&advisory.main.id));
        let score = advisory
            .score
            .map(|tenths| format!(" {}.{}", tenths / 10, tenths % 10));
        let rated = match (advisory.kind, advisory.severity) {
            (Kind::Malicious, _) => "malicious".to_owned(),
            (Kind::Unsound, _) => "unsound".to_owned(),
            (Kind::Unmaintained, _) => "unmaintained".to_owned(),
            (Kind::Notice, _) => "notice".to_owned(),
            (Kind::Vulnerability, None) => "not rated, counts as high".to_owned(),
            (Kind::Vulnerability, Some(severity)) => {
                format!("{}{}", severity.as_str(), score.unwrap_or_default())
            }
        };
        known_as.map_or_else(|| rated.clone(), |id| format!("{id}, {rated}"))
    }

    fn remedy(&self) -> Remedy {
        let path = self.file.meta().path.to_text();
        let file = self.package.named_in.as_deref().unwrap_or(&path);
        let kind = self.advisory.kind;
        remedy(
            self.upgrade,
            self.package,
            &self.fix,
            &self.route,
            kind,
            file,
        )
    }

    /// What to do. Reports say themselves how to accept what blocks.
    fn help(&self) -> String {
        if self.blocking {
            return self.remedy().text;
        }
        format!("{}; {}", self.remedy().text, self.acceptance())
    }

    fn acceptance(&self) -> String {
        let id = &self.advisory.main.id;
        format!("to accept it: ignore = [{{ id = \"{id}\", reason = \"…\" }}] in [scan.audit]")
    }

    fn data(&self) -> Map<String, Value> {
        let Self {
            package, advisory, ..
        } = self;
        let fixed = match &self.fix {
            Fix::Clear(version) | Fix::Partly(version) => Some(version.as_str()),
            Fix::Best { .. } => self.fixed_alone.as_deref(),
            Fix::Remove | Fix::None => None,
        };
        let remedy = self.remedy();
        let edits: Vec<Value> = remedy
            .edits
            .iter()
            .map(|(one, to)| json!({ "path": one.path, "line": one.line, "from": one.range, "to": to }))
            .collect();
        let state = match (self.novelty, &self.was) {
            (Novelty::Existing, _) => "existing",
            (_, Some(_)) => "changed",
            (_, None) => "added",
        };
        let facts = [
            ("ecosystem", json!(package.ecosystem.as_str())),
            ("package", json!(package.name)),
            ("version", json!(package.version)),
            ("id", json!(advisory.main.id)),
            ("aliases", json!(advisory.aliases)),
            ("summary", json!(self.summary)),
            ("fixed", json!(fixed)),
            ("fixed_alone", json!(self.fixed_alone)),
            ("remedy", json!(remedy.text)),
            ("command", json!(remedy.command)),
            ("edits", json!(edits)),
            (
                "cvss",
                json!(advisory.score.map(|tenths| f64::from(tenths) / 10.0)),
            ),
            ("direct", json!(package.direct)),
            ("dev", json!(package.dev)),
            ("via", json!(self.route.path)),
            ("state", json!(state)),
            ("was", json!(self.was)),
        ];
        facts
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    }
}
