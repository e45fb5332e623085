//! Bills of material: CycloneDX 1.6 (<https://cyclonedx.org/docs/1.6/json/>) and SPDX 2.3
//! (<https://spdx.github.io/spdx-spec/v2.3/>).

use crate::lockfile::{Package, purl};
use crate::model::RepoPath;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A package with the lockfiles that name it.
struct Entry<'a> {
    package: &'a Package,
    paths: Vec<String>,
    dev: bool,
    optional: bool,
}

/// Each package in each version once, in the order of their URLs.
fn entries(items: &[(RepoPath, Vec<Package>)]) -> BTreeMap<String, Entry<'_>> {
    let mut out: BTreeMap<String, Entry<'_>> = BTreeMap::new();
    for (path, packages) in items {
        let path = path.to_text().into_owned();
        for package in packages.iter().filter(|package| !package.name.is_empty()) {
            let entry = out.entry(purl(package)).or_insert_with(|| Entry {
                package,
                paths: Vec::new(),
                dev: true,
                optional: true,
            });
            entry.dev &= package.dev;
            entry.optional &= package.optional;
            if entry.paths.last() != Some(&path) {
                entry.paths.push(path.clone());
            }
        }
    }
    out
}

/// A CycloneDX document; the same input gives the same bytes.
pub(super) fn cyclonedx(items: &[(RepoPath, Vec<Package>)]) -> Value {
    let components: Vec<Value> = entries(items)
        .iter()
        .map(|(purl, entry)| {
            // Not needed where the program runs, or may be missing there.
            let scope = match (entry.dev, entry.optional) {
                (true, _) => "excluded",
                (false, true) => "optional",
                (false, false) => "required",
            };
            let mut component = json!({
                "type": "library",
                "bom-ref": purl,
                "name": entry.package.name,
                "scope": scope,
                "purl": purl,
                "evidence": {
                    "occurrences": entry.paths.iter().map(|path| json!({ "location": path })).collect::<Vec<_>>(),
                },
            });
            if !entry.package.version.is_empty() {
                component["version"] = json!(entry.package.version);
            }
            component
        })
        .collect();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": { "components": [{
                "type": "application",
                "name": "hookd",
                "version": env!("CARGO_PKG_VERSION"),
            }] },
        },
        "components": components,
    })
}

/// An SPDX document about the folder `name`, made at `created`.
pub(super) fn spdx(
    items: &[(RepoPath, Vec<Package>)],
    name: &str,
    created: jiff::Timestamp,
) -> Value {
    let entries = entries(items);
    let mut digest = Sha256::new();
    let (mut packages, mut relationships) = (Vec::new(), Vec::new());
    for (number, (purl, entry)) in entries.iter().enumerate() {
        digest.update(purl.as_bytes());
        digest.update(b"\n");
        let id = format!("SPDXRef-Package-{number}");
        let mut package = json!({
            "SPDXID": id,
            "name": entry.package.name,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": false,
            "sourceInfo": format!("from {}", entry.paths.join(", ")),
            "externalRefs": [{
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": purl,
            }],
        });
        if !entry.package.version.is_empty() {
            package["versionInfo"] = json!(entry.package.version);
        }
        packages.push(package);
        relationships.push(json!({
            "spdxElementId": "SPDXRef-DOCUMENT",
            "relationshipType": "DESCRIBES",
            "relatedSpdxElement": id,
        }));
    }
    let unique: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": format!("https://hookd.invalid/spdx/{unique}-{}", created.as_second()),
        "creationInfo": {
            "created": created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "creators": [format!("Tool: hookd-{}", env!("CARGO_PKG_VERSION"))],
        },
        "packages": packages,
        "relationships": relationships,
    })
}
