//! A disk that loses its power: what of a folder is there after it, by POSIX's word and no more.
//!
//! A file's content survives when the file was synced after it, a name when its folder was synced
//! after it. Of the rest nothing survives, or everything, or what chance decides: whole writes,
//! halves of writes, and the first few of the names.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use slipway_agent::ports::random::Random;

use super::trace::{Change, Trace};

/// What is decided about writes that were not synced.
pub(super) enum Unsynced<'a> {
    Lost,
    Kept,
    ByChance(&'a dyn Random),
}

/// A disk writes this many bytes or none.
const SECTOR: usize = 512;

/// A number of a file or folder, as a file system gives it.
type Inode = usize;

/// Gives an entry of a folder another meaning, or takes it away.
struct Naming {
    done: usize,
    /// The folder whose sync keeps it, and the entries that change as one.
    folder: Inode,
    entries: Vec<(Inode, OsString, Option<Inode>)>,
}

enum Data {
    Write { offset: u64, bytes: Vec<u8> },
    Length(u64),
}

struct Changed {
    done: usize,
    data: Data,
}

#[derive(Default)]
struct Node {
    entries: Option<BTreeMap<OsString, Inode>>,
    data: Vec<Changed>,
    /// When its last sync began.
    synced: usize,
}

/// A folder's history up to one moment.
pub(super) struct Disk {
    folder: PathBuf,
    /// As the programs saw it.
    nodes: Vec<Node>,
    namings: Vec<Naming>,
}

const ROOT: Inode = 0;

impl Disk {
    /// The folder, which was empty when the trace began, at this moment of it.
    pub(super) fn at(folder: &Path, trace: &Trace, moment: usize) -> Self {
        let mut disk = Self {
            folder: folder.to_owned(),
            nodes: vec![Node::folder()],
            namings: Vec::new(),
        };
        for op in &trace.ops {
            if op.begun < moment {
                // What is under way may or may not have been done: it is like what is not synced.
                disk.apply(&op.change, op.begun, op.done.min(moment), op.done < moment);
            }
        }
        disk
    }

    fn apply(&mut self, change: &Change, begun: usize, done: usize, ended: bool) {
        match change {
            Change::Open {
                path,
                create,
                truncate,
            } => {
                let node = match (self.find(path), create) {
                    (Some(node), _) => node,
                    (None, true) => match self.make(path, Node::default(), done) {
                        Some(node) => node,
                        None => return,
                    },
                    (None, false) => return,
                };
                if *truncate {
                    self.nodes[node].data.push(Changed {
                        done,
                        data: Data::Length(0),
                    });
                }
            }
            Change::Write {
                path,
                offset,
                bytes,
            } => {
                let data = Data::Write {
                    offset: *offset,
                    bytes: bytes.clone(),
                };
                self.change(path, Changed { done, data });
            }
            Change::Truncate { path, length } => {
                self.change(
                    path,
                    Changed {
                        done,
                        data: Data::Length(*length),
                    },
                );
            }
            Change::Sync { path } => {
                if let (Some(node), true) = (self.find(path), ended) {
                    let synced = &mut self.nodes[node].synced;
                    *synced = begun.max(*synced);
                }
            }
            Change::Rename { from, to } => {
                let (Some(node), Some(source), Some(target)) =
                    (self.find(from), self.place(from), self.place(to))
                else {
                    return;
                };
                let gone = (source.0, source.1, None);
                self.name(done, target.0, vec![gone, (target.0, target.1, Some(node))]);
            }
            Change::Link { from, to } => {
                if let (Some(node), Some((folder, name))) = (self.find(from), self.place(to)) {
                    self.name(done, folder, vec![(folder, name, Some(node))]);
                }
            }
            Change::Remove { path } => {
                if let Some((folder, name)) = self.place(path) {
                    self.name(done, folder, vec![(folder, name, None)]);
                }
            }
            Change::Folder { path } => {
                self.make(path, Node::folder(), done);
            }
            Change::Say { .. } => {}
        }
    }

    fn find(&self, path: &Path) -> Option<Inode> {
        let mut node = ROOT;
        for name in path.strip_prefix(&self.folder).ok()? {
            node = *self.nodes[node].entries.as_ref()?.get(name)?;
        }
        Some(node)
    }

    fn place(&self, path: &Path) -> Option<(Inode, OsString)> {
        Some((self.find(path.parent()?)?, path.file_name()?.to_owned()))
    }

    fn make(&mut self, path: &Path, node: Node, done: usize) -> Option<Inode> {
        let (folder, name) = self.place(path)?;
        self.nodes.push(node);
        let node = self.nodes.len() - 1;
        self.name(done, folder, vec![(folder, name, Some(node))]);
        Some(node)
    }

    fn name(&mut self, done: usize, folder: Inode, entries: Vec<(Inode, OsString, Option<Inode>)>) {
        for (folder, name, node) in &entries {
            set(self.nodes[*folder].entries.as_mut().unwrap(), name, *node);
        }
        self.namings.push(Naming {
            done,
            folder,
            entries,
        });
    }

    fn change(&mut self, path: &Path, changed: Changed) {
        if let Some(node) = self.find(path) {
            self.nodes[node].data.push(changed);
        }
    }

    /// Writes what the disk has after a loss of power into an empty folder.
    pub(super) fn write(&self, unsynced: &Unsynced<'_>, into: &Path) {
        let mut kept = self
            .namings
            .iter()
            .filter(|naming| !self.is_safe(naming))
            .count();
        kept = match unsynced {
            Unsynced::Lost => 0,
            Unsynced::Kept => kept,
            Unsynced::ByChance(random) => chosen(*random, kept + 1),
        };
        let mut folders: BTreeMap<Inode, BTreeMap<OsString, Inode>> = BTreeMap::new();
        for naming in &self.namings {
            if !self.is_safe(naming) {
                if kept == 0 {
                    continue;
                }
                kept -= 1;
            }
            for (folder, name, node) in &naming.entries {
                set(folders.entry(*folder).or_default(), name, *node);
            }
        }
        let mut written = BTreeSet::new();
        self.write_folder(ROOT, &folders, unsynced, into, &mut written);
    }

    fn is_safe(&self, naming: &Naming) -> bool {
        naming.done < self.nodes[naming.folder].synced
    }

    fn write_folder(
        &self,
        folder: Inode,
        folders: &BTreeMap<Inode, BTreeMap<OsString, Inode>>,
        unsynced: &Unsynced<'_>,
        into: &Path,
        written: &mut BTreeSet<Inode>,
    ) {
        fs::create_dir_all(into).unwrap();
        assert!(written.insert(folder), "a folder has one name");
        for (name, node) in folders.get(&folder).into_iter().flatten() {
            let place = into.join(name);
            if self.nodes[*node].entries.is_some() {
                self.write_folder(*node, folders, unsynced, &place, written);
            } else if !name.to_string_lossy().ends_with("-shm") {
                // That one is memory, and only looks like a file.
                fs::write(place, self.content(*node, unsynced)).unwrap();
            }
        }
    }

    fn content(&self, node: Inode, unsynced: &Unsynced<'_>) -> Vec<u8> {
        let node = &self.nodes[node];
        let share = match unsynced {
            Unsynced::ByChance(random) => [0.0, 0.5, 1.0][chosen(*random, 3)],
            _ => 0.0,
        };
        let mut content = Vec::new();
        for Changed { done, data } in &node.data {
            let mut whole = true;
            if *done >= node.synced {
                match unsynced {
                    Unsynced::Lost => continue,
                    Unsynced::Kept => {}
                    Unsynced::ByChance(random) => {
                        if random.fraction() >= share {
                            continue;
                        }
                        whole = random.fraction() < 0.75;
                    }
                }
            }
            match (data, unsynced) {
                (Data::Length(length), _) => content.resize(*length as usize, 0),
                (Data::Write { offset, bytes }, Unsynced::ByChance(random)) if !whole => {
                    let sectors = chosen(*random, bytes.len() / SECTOR + 1);
                    put(&mut content, *offset, &bytes[..sectors * SECTOR]);
                }
                (Data::Write { offset, bytes }, _) => put(&mut content, *offset, bytes),
            }
        }
        content
    }
}

impl Node {
    fn folder() -> Self {
        Self {
            entries: Some(BTreeMap::new()),
            ..Self::default()
        }
    }
}

fn set(entries: &mut BTreeMap<OsString, Inode>, name: &OsString, node: Option<Inode>) {
    match node {
        Some(node) => entries.insert(name.clone(), node),
        None => entries.remove(name),
    };
}

fn put(content: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let (start, end) = (offset as usize, offset as usize + bytes.len());
    if content.len() < end {
        content.resize(end, 0);
    }
    content[start..end].copy_from_slice(bytes);
}

/// A number below `below`.
pub(super) fn chosen(random: &dyn Random, below: usize) -> usize {
    ((random.fraction() * below as f64) as usize).min(below - 1)
}
