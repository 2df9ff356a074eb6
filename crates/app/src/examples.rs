//! The example agents that Slipway ships with.

use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};
use slipway_agent::package::{Files, Package, PackagePath};
use slipway_contract::{AgentName, ErrorCode, Problem};

use crate::problem::{from_io, from_package};

static EXAMPLES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../examples");

/// An example agent.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its name, and its folder's.
    pub name: AgentName,
    folder: &'static Dir<'static>,
}

/// All example agents, by name.
#[must_use]
pub fn examples() -> Vec<Example> {
    EXAMPLES
        .dirs()
        .filter(|folder| folder.get_file(folder.path().join("agent.toml")).is_some())
        .filter_map(|folder| {
            let name = folder.path().file_name()?.to_str()?.parse().ok()?;
            Some(Example { name, folder })
        })
        .collect()
}

impl Example {
    /// The example of this name.
    ///
    /// # Errors
    /// There is none; the message names those that there are.
    pub fn named(name: &str) -> Result<Self, Problem> {
        let all = examples();
        let names = all
            .iter()
            .map(|example| example.name.to_string())
            .collect::<Vec<_>>()
            .join(", ");
        all.into_iter()
            .find(|example| example.name.as_str() == name)
            .ok_or_else(|| {
                Problem::new(
                    ErrorCode::NotFound,
                    format!("there is no example named {name:?}"),
                )
                .help(format!("The examples are: {names}."))
            })
    }

    /// The example's package.
    ///
    /// # Errors
    /// None, as a test holds.
    pub(crate) fn package(&self) -> Result<Package, Problem> {
        let mut files = Vec::new();
        self.take(self.folder, &mut files);
        let files = Files::from_entries(files).map_err(|error| from_package(&error))?;
        let tools = slipway_runner::tool_names();
        let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
        Package::from_files(files, &tools).map_err(|error| from_package(&error))
    }

    /// What of a folder is part of the package.
    fn take(&self, folder: &Dir<'_>, into: &mut Vec<(PackagePath, Vec<u8>)>) {
        for entry in folder.entries() {
            match entry {
                DirEntry::Dir(inner) => self.take(inner, into),
                DirEntry::File(file) => {
                    let path = file.path().strip_prefix(self.folder.path()).ok();
                    let path = path
                        .and_then(Path::to_str)
                        .map(|path| path.replace('\\', "/"));
                    if let Some(Ok(path)) = path.map(|path| path.parse()) {
                        into.push((path, file.contents().to_vec()));
                    }
                }
            }
        }
    }

    /// Writes the example with its data into a folder, which must not be there or be empty.
    ///
    /// # Errors
    /// Something is there already, or a file cannot be written.
    pub fn unpack(&self, to: &Path) -> Result<(), Problem> {
        let occupied = std::fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some());
        if occupied || to.is_file() {
            let message = format!(
                "{} is there already, and nothing is written over it",
                to.display()
            );
            return Err(Problem::new(ErrorCode::Conflict, message));
        }
        self.write(self.folder, to)
    }

    fn write(&self, folder: &Dir<'_>, to: &Path) -> Result<(), Problem> {
        std::fs::create_dir_all(to).map_err(|error| from_io("made", to, &error))?;
        for entry in folder.entries() {
            let Some(name) = entry.path().file_name() else {
                continue;
            };
            let place = to.join(name);
            match entry {
                // What an earlier run wrote beside the sources is no part of the example.
                DirEntry::Dir(inner) if name != "out" => self.write(inner, &place)?,
                DirEntry::Dir(_) => {}
                DirEntry::File(file) => {
                    std::fs::write(&place, file.contents())
                        .map_err(|error| from_io("written", &place, &error))?;
                }
            }
        }
        Ok(())
    }
}
