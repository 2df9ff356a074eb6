//! Where what lies in an export. A path that is none of these is refused.

use slipway_agent::package::PackagePath;
use slipway_contract::{AgentName, ContentHash, RunId};

/// The file that names all others.
pub(super) const LISTING: &str = "manifest.json";

/// What a file of an export holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// An agent with when and why its versions were made.
    Agent(AgentName),
    /// A file of an agent's draft.
    DraftFile(AgentName, PackagePath),
    /// When a version was made, and its hashes.
    Version(ContentHash),
    /// A file of a version.
    VersionFile(ContentHash, PackagePath),
    /// A run's row.
    Run(RunId),
    /// A run's journal.
    Journal(RunId),
    /// A long event or answer.
    Payload(ContentHash),
    /// The rows of a table.
    Lines(String),
    /// A file of settings.
    Setting(String),
}

impl Part {
    pub(super) fn path(&self) -> String {
        match self {
            Self::Agent(agent) => format!("agents/{agent}/agent.json"),
            Self::DraftFile(agent, path) => format!("agents/{agent}/draft/{path}"),
            Self::Version(version) => format!("versions/{version}/version.json"),
            Self::VersionFile(version, path) => format!("versions/{version}/package/{path}"),
            Self::Run(run) => format!("runs/{run}/run.json"),
            Self::Journal(run) => format!("runs/{run}/events.jsonl"),
            Self::Payload(hash) => format!("payloads/{hash}.json"),
            Self::Lines(table) => format!("tables/{table}.jsonl"),
            Self::Setting(name) => format!("settings/{name}"),
        }
    }

    /// What the file of this path holds; none where an export has no such file.
    pub(super) fn of(path: &str) -> Option<Self> {
        let (top, below) = path.split_once('/')?;
        if top == "payloads" {
            return Some(Self::Payload(below.strip_suffix(".json")?.parse().ok()?));
        }
        if top == "tables" {
            let table = below.strip_suffix(".jsonl")?;
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            let is_name = !table.is_empty() && table.len() <= 64 && table.bytes().all(plain);
            return is_name.then(|| Self::Lines(table.to_owned()));
        }
        if top == "settings" {
            return is_setting(below).then(|| Self::Setting(below.to_owned()));
        }
        let (id, file) = below.split_once('/')?;
        match (top, file.split_once('/')) {
            ("agents", None) if file == "agent.json" => Some(Self::Agent(id.parse().ok()?)),
            ("agents", Some(("draft", path))) => {
                Some(Self::DraftFile(id.parse().ok()?, path.parse().ok()?))
            }
            ("versions", None) if file == "version.json" => Some(Self::Version(id.parse().ok()?)),
            ("versions", Some(("package", path))) => {
                Some(Self::VersionFile(id.parse().ok()?, path.parse().ok()?))
            }
            ("runs", None) if file == "run.json" => Some(Self::Run(id.parse().ok()?)),
            ("runs", None) if file == "events.jsonl" => Some(Self::Journal(id.parse().ok()?)),
            _ => None,
        }
    }
}

/// `prices.toml` and the like: a plain name that no system takes for anything else.
pub(super) fn is_setting(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    let stem = name.strip_suffix(".toml").unwrap_or_default();
    (3..=40).contains(&stem.len())
        && stem.bytes().all(plain)
        && !matches!(stem, "con" | "prn" | "aux" | "nul")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_names_one_part_and_comes_back() {
        let (hash, run) = ("ab".repeat(32), "cd".repeat(10));
        for path in [
            "agents/clerk/agent.json".to_owned(),
            "agents/clerk/draft/files/a/b.txt".to_owned(),
            format!("versions/{hash}/version.json"),
            format!("versions/{hash}/package/agent.toml"),
            format!("runs/{run}/run.json"),
            format!("runs/{run}/events.jsonl"),
            format!("payloads/{hash}.json"),
            "tables/grants.jsonl".to_owned(),
            "settings/prices.toml".to_owned(),
        ] {
            let part = Part::of(&path).unwrap_or_else(|| panic!("{path} is a part"));
            assert_eq!(part.path(), path);
        }
    }

    #[test]
    fn no_other_path_is_a_part() {
        let (hash, run) = ("ab".repeat(32), "cd".repeat(10));
        for path in [
            "".to_owned(),
            "manifest.json".to_owned(),
            "/etc/passwd".to_owned(),
            "../x".to_owned(),
            "agents/../agent.json".to_owned(),
            "agents/clerk/../../x/agent.json".to_owned(),
            "agents/clerk/draft/../agent.toml".to_owned(),
            "agents/clerk/draft/files/../../../x".to_owned(),
            "agents/clerk/draft/other.txt".to_owned(),
            "agents/Clerk/agent.json".to_owned(),
            format!("versions/{}/version.json", hash.to_uppercase()),
            format!("versions/{hash}/package/files/nul"),
            format!("versions/{hash}/package//agent.toml"),
            format!("runs/{run}/other.json"),
            format!("runs/{run}/events.jsonl/x"),
            format!("runs\\{run}\\run.json"),
            "payloads/x.json".to_owned(),
            "tables/../x.jsonl".to_owned(),
            "tables/A.jsonl".to_owned(),
            "tables/.jsonl".to_owned(),
            "settings/../slipway.db".to_owned(),
            "settings/slipway.db".to_owned(),
            "settings/nul.toml".to_owned(),
            "settings/a/b.toml".to_owned(),
        ] {
            assert_eq!(Part::of(&path), None, "{path:?} is no part of an export");
        }
    }
}
