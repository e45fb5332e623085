#!/usr/bin/env python3
"""Writes the RustSec database as cargo-audit reads it from the records that OSV exports of it.

Usage: benches/rustsec.py ALL_ZIP FOLDER

ALL_ZIP is OSV's archive of crates.io. FOLDER becomes a git repository with crates/NAME/RUSTSEC-….md, for
`cargo audit --db FOLDER --no-fetch --stale`: so both tools judge by the same records, and no network is used.
"""
import json, os, pathlib, subprocess, sys, zipfile


def text(value):
    return json.dumps(value, ensure_ascii=False)


def intervals(affected):
    """The vulnerable spans as (introduced, fixed), the fix `None` where there is none."""
    out = []
    for part in affected.get("ranges", []):
        if part["type"] != "SEMVER":
            continue
        start = None
        for event in part["events"]:
            if "introduced" in event:
                start = event["introduced"]
            elif "fixed" in event:
                out.append((start, event["fixed"]))
                start = None
        if start is not None:
            out.append((start, None))
    return out


def requirements(spans):
    """What is patched, and what came before the first vulnerable version."""
    patched, unaffected = [], []
    if spans and spans[0][0] not in ("0", "0.0.0-0"):
        unaffected.append("< " + spans[0][0])
    for (_, fixed), following in zip(spans, [*spans[1:], None]):
        if fixed is not None:
            patched.append(f">= {fixed}" + (f", < {following[0]}" if following else ""))
    return patched, unaffected


def advisory(record):
    affected = record["affected"][0]
    patched, unaffected = requirements(intervals(affected))
    lines = ["[advisory]", f"id = {text(record['id'])}", f"package = {text(affected['package']['name'])}", f"date = {text(record['published'][:10])}"]
    if record.get("withdrawn"):
        lines.append(f"withdrawn = {text(record['withdrawn'][:10])}")
    kind = affected.get("database_specific", {}).get("informational") or record.get("database_specific", {}).get("informational")
    if kind:
        lines.append(f"informational = {text(kind)}")
    cvss = affected.get("database_specific", {}).get("cvss")
    if cvss:
        lines.append(f"cvss = {text(cvss)}")
    lines += [f"aliases = {text(record.get('aliases', []))}", "", "[versions]", f"patched = {text(patched)}", f"unaffected = {text(unaffected)}"]
    return "```toml\n" + "\n".join(lines) + "\n```\n\n# " + (record.get("summary") or record["id"]).strip() + "\n\n" + record.get("details", "").strip() + "\n"


def main():
    archive, top = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
    count = 0
    for name in sorted(archive.namelist()):
        record = json.loads(archive.read(name))
        if not record["id"].startswith("RUSTSEC-"):
            continue
        folder = top / "crates" / record["affected"][0]["package"]["name"]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{record['id']}.md").write_text(advisory(record))
        count += 1
    # Told apart from a repository around the folder, whatever the environment says.
    env = {**{key: value for key, value in os.environ.items() if not key.startswith("GIT_")}, "GIT_CONFIG_GLOBAL": os.devnull}
    for args in (["init", "-q"], ["add", "-A"], ["-c", "user.name=n", "-c", "user.email=e@h.example", "commit", "-qm", "the advisories"]):
        subprocess.run(["git", *args], cwd=top, check=True, env=env)
    print(f"{count} advisories in {top}")


main()
