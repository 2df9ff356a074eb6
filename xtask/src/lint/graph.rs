//! The dependencies of the workspace as Cargo sees them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process;
use crate::project::Project;

/// The workspace's crates, what each names, and what each links.
#[derive(Debug, Default)]
pub(super) struct Graph {
    members: BTreeSet<String>,
    /// Workspace crates named by each member.
    named: BTreeMap<String, BTreeSet<String>>,
    /// Every crate in a member's tree, its tests left out.
    linked: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    pub(super) fn read(project: &Project) -> Result<Self> {
        let metadata = project.metadata(&["--filter-platform", &host()?])?;
        Self::from_metadata(&metadata)
    }

    pub(super) fn members(&self) -> &BTreeSet<String> {
        &self.members
    }

    pub(super) fn named_by(&self, member: &str) -> impl Iterator<Item = &str> {
        self.named
            .get(member)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    pub(super) fn links(&self, member: &str, krate: &str) -> bool {
        self.linked
            .get(member)
            .is_some_and(|linked| linked.contains(krate))
    }

    #[cfg(test)]
    pub(super) fn add(&mut self, member: &str, named: &[&str], linked: &[&str]) {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        self.members.insert(member.to_owned());
        self.named.insert(member.to_owned(), owned(named));
        self.linked.insert(member.to_owned(), owned(linked));
    }

    fn from_metadata(metadata: &Value) -> Result<Self> {
        let packages = metadata["packages"]
            .as_array()
            .context("cargo metadata lists no packages")?;
        let names: BTreeMap<&str, &str> = packages
            .iter()
            .filter_map(|package| Some((package["id"].as_str()?, package["name"].as_str()?)))
            .collect();
        let nodes = metadata["resolve"]["nodes"]
            .as_array()
            .context("cargo metadata resolves nothing")?;
        let links: BTreeMap<&str, Vec<&str>> = nodes
            .iter()
            .filter_map(|node| Some((node["id"].as_str()?, linked_by(node))))
            .collect();
        let member_ids: Vec<&str> = strings(&metadata["workspace_members"]);

        let mut graph = Self::default();
        graph.members.extend(
            member_ids
                .iter()
                .filter_map(|id| names.get(id))
                .map(|name| (*name).to_owned()),
        );
        for package in packages {
            let (Some(id), Some(name)) = (package["id"].as_str(), package["name"].as_str()) else {
                continue;
            };
            if !member_ids.contains(&id) {
                continue;
            }
            let named = package["dependencies"].as_array().into_iter().flatten();
            let named = named.filter_map(|dependency| dependency["name"].as_str());
            let inside = named
                .filter(|named| graph.members.contains(*named))
                .map(str::to_owned)
                .collect();
            graph.named.insert(name.to_owned(), inside);
            let linked = reachable(id, &links);
            let linked = linked.iter().filter_map(|id| names.get(id));
            graph.linked.insert(
                name.to_owned(),
                linked.map(|name| (*name).to_owned()).collect(),
            );
        }
        Ok(graph)
    }
}

/// The packages that a node of the resolved graph is built from, other than for its tests.
fn linked_by(node: &Value) -> Vec<&str> {
    let is_linked = |dependency: &&Value| {
        let kinds = dependency["dep_kinds"].as_array();
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
    };
    let dependencies = node["deps"].as_array().into_iter().flatten();
    dependencies
        .filter(is_linked)
        .filter_map(|dependency| dependency["pkg"].as_str())
        .collect()
}

fn reachable<'a>(from: &'a str, links: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(id) = waiting.pop() {
        for next in links.get(id).into_iter().flatten() {
            if seen.insert(*next) {
                waiting.push(next);
            }
        }
    }
    seen
}

fn strings(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn host() -> Result<String> {
    let text = process::output(std::process::Command::new("rustc").arg("-vV"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).context("rustc -vV names no host")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn package(name: &str, dependencies: &[&str]) -> Value {
        let dependencies: Vec<Value> = dependencies
            .iter()
            .map(|name| json!({ "name": name }))
            .collect();
        json!({ "id": format!("{name} 1.0"), "name": name, "dependencies": dependencies })
    }

    fn dep(name: &str, kind: &Value) -> Value {
        json!({ "pkg": format!("{name} 1.0"), "dep_kinds": [{ "kind": kind }] })
    }

    #[test]
    fn tells_named_workspace_crates_from_linked_ones() {
        let metadata = json!({
            "packages": [package("cli", &["app", "clap"]), package("app", &["serde"]), package("clap", &[]),
                package("serde", &[]), package("proptest", &[])],
            "workspace_members": ["cli 1.0", "app 1.0"],
            "resolve": { "nodes": [
                { "id": "cli 1.0", "deps": [dep("app", &Value::Null), dep("clap", &Value::Null)] },
                { "id": "app 1.0", "deps": [dep("serde", &Value::Null), dep("proptest", &json!("dev"))] },
            ] },
        });
        let graph = Graph::from_metadata(&metadata).unwrap();
        assert_eq!(graph.named_by("cli").collect::<Vec<_>>(), ["app"]);
        assert!(
            graph.links("cli", "serde"),
            "a crate two steps away is linked"
        );
        assert!(
            !graph.links("app", "proptest"),
            "what only tests use is not linked"
        );
        assert!(!graph.links("app", "clap"));
    }

    #[test]
    fn metadata_without_packages_is_an_error() {
        assert!(Graph::from_metadata(&json!({})).is_err());
    }
}
