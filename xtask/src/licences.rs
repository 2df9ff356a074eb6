//! `cargo xtask licences`: the licences of everything that ships, as Slipway shows them.
//!
//! The list is checked in, so that a build needs nothing but the sources; `cargo xtask lint` holds it against
//! `Cargo.lock`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use crate::project::Project;

/// Where the list lies, from the project's folder.
const LIST: &str = "crates/app/licences.json";

/// The packages of ours that ship; all others of the workspace build or test them.
const SHIPPED: [&str; 3] = ["slipway-cli", "slipway-desktop", "slipway-ui"];

/// The files of a package that its licences are in begin with one of these.
const NAMES: [&str; 4] = ["LICENSE", "LICENCE", "COPYING", "NOTICE"];

/// Writes the list anew.
pub(crate) fn write(project: &Project) -> Result<ExitCode> {
    let list = project.root().join(LIST);
    fs::write(&list, made(&metadata(project)?)?)
        .with_context(|| format!("could not write {}", list.display()))?;
    println!("licences: {LIST} is up to date");
    Ok(ExitCode::SUCCESS)
}

/// Fails where the list is not that of the packages that ship now.
pub(crate) fn check(project: &Project) -> Result<()> {
    let list = project.root().join(LIST);
    let text =
        fs::read_to_string(&list).with_context(|| format!("could not read {}", list.display()))?;
    ensure!(
        text == made(&metadata(project)?)?,
        "{LIST} is not up to date: run `cargo xtask licences` and commit it"
    );
    Ok(())
}

fn metadata(project: &Project) -> Result<Value> {
    let output = project
        .cargo()
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--all-features",
        ])
        .output()
        .context("cargo metadata could not be started")?;
    if !output.status.success() {
        bail!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata is not JSON")
}

/// The list as it is written: each package, and each text once, by the number with which packages name it.
fn made(metadata: &Value) -> Result<String> {
    let shipped = shipped(metadata)?;
    let packages = array(metadata, "packages")?;
    let mut by_name = BTreeMap::new();
    for package in packages {
        let (id, name) = (string(package, "id")?, string(package, "name")?);
        if shipped.contains(id) && !package["source"].is_null() {
            by_name.insert((name, string(package, "version")?), package);
        }
    }
    let mut texts: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for ((name, version), package) in by_name {
        let mut own = Vec::new();
        for text in texts_of(package)? {
            let known = texts.iter().position(|known| *known == text);
            own.push(known.unwrap_or_else(|| {
                texts.push(text);
                texts.len() - 1
            }));
        }
        let licence = package["license"].as_str().unwrap_or("see its text");
        lines.push(json!({"name": name, "version": version, "licence": licence, "texts": own}));
    }
    let list = json!({ "packages": lines, "texts": texts });
    Ok(serde_json::to_string_pretty(&list)? + "\n")
}

/// The ids of all packages that are linked into what ships: what builds and tests them is left out.
fn shipped(metadata: &Value) -> Result<BTreeSet<String>> {
    let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in array(&metadata["resolve"], "nodes")? {
        let mut linked = Vec::new();
        for dependency in array(node, "deps")? {
            let is_linked = array(dependency, "dep_kinds")?
                .iter()
                .any(|kind| kind["kind"].is_null());
            if is_linked {
                linked.push(string(dependency, "pkg")?);
            }
        }
        needs.insert(string(node, "id")?, linked);
    }
    let mut waiting: Vec<&str> = Vec::new();
    for package in array(metadata, "packages")? {
        if SHIPPED.contains(&string(package, "name")?) {
            waiting.push(string(package, "id")?);
        }
    }
    ensure!(
        waiting.len() == SHIPPED.len(),
        "the workspace has not all of {SHIPPED:?}"
    );
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if found.insert(id.to_owned()) {
            waiting.extend(needs.get(id).into_iter().flatten());
        }
    }
    Ok(found)
}

/// The texts of a package's licences. Of one that may be taken under either licence, that which is shorter to read: MIT.
fn texts_of(package: &Value) -> Result<Vec<String>> {
    let manifest = PathBuf::from(string(package, "manifest_path")?);
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("could not read {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file() && is_licence(path))
        .collect();
    files.sort();
    let of_mit = |path: &&PathBuf| name(path).contains("MIT");
    let may_be_mit = package["license"]
        .as_str()
        .is_some_and(|licence| licence.contains("MIT OR ") || licence.contains("OR MIT"));
    if may_be_mit && files.iter().any(|path| of_mit(&path)) {
        files.retain(|path| of_mit(&path) || name(path).starts_with("NOTICE"));
    }
    files
        .iter()
        .map(|path| {
            let text =
                fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
            let text = String::from_utf8_lossy(&text).replace("\r\n", "\n");
            Ok(text.trim().to_owned())
        })
        .collect()
}

fn is_licence(path: &Path) -> bool {
    let name = name(path);
    NAMES.iter().any(|known| name.starts_with(known)) && !name.ends_with(".RS")
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().to_uppercase()
}

fn array<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    value[key]
        .as_array()
        .with_context(|| format!("cargo metadata has no {key}"))
}

fn string<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key]
        .as_str()
        .with_context(|| format!("cargo metadata has no {key}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_builds_or_tests_is_not_shipped() {
        let node = |id: &str, deps: Value| json!({"id": id, "deps": deps});
        let linked = |id: &str| json!({"pkg": id, "dep_kinds": [{"kind": null}]});
        let tests = |id: &str| json!({"pkg": id, "dep_kinds": [{"kind": "dev"}]});
        let package = |name: &str| json!({"id": name, "name": name});
        let metadata = json!({
            "packages": SHIPPED.map(package),
            "resolve": {"nodes": [
                node("slipway-cli", json!([linked("clap"), tests("insta")])),
                node("slipway-desktop", json!([])),
                node("slipway-ui", json!([linked("yew")])),
                node("clap", json!([linked("anstyle")])),
            ]},
        });
        let found = shipped(&metadata).unwrap();
        for id in ["slipway-cli", "clap", "anstyle", "yew"] {
            assert!(found.contains(id), "{id}");
        }
        assert!(!found.contains("insta"));
    }

    #[test]
    fn only_texts_of_licences_are_taken() {
        for (file, taken) in [
            ("LICENSE-MIT", true),
            ("license.md", true),
            ("COPYING", true),
            ("license.rs", false),
            ("README.md", false),
        ] {
            assert_eq!(is_licence(Path::new(file)), taken, "{file}");
        }
    }
}
