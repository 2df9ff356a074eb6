//! What a program did to the disk and said, in order, from strace's record of it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{CHANGES, under_strace};

/// A system call that succeeded. It took place between two moments, which are lines of the record.
#[derive(Debug, Clone)]
pub(super) struct Op {
    pub(super) begun: usize,
    pub(super) done: usize,
    pub(super) change: Change,
}

#[derive(Debug, Clone)]
pub(super) enum Change {
    /// A name for a file, made if there is none.
    Open {
        path: PathBuf,
        create: bool,
        truncate: bool,
    },
    Write {
        path: PathBuf,
        offset: u64,
        bytes: Vec<u8>,
    },
    Truncate {
        path: PathBuf,
        length: u64,
    },
    Sync {
        path: PathBuf,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Link {
        from: PathBuf,
        to: PathBuf,
    },
    Remove {
        path: PathBuf,
    },
    Folder {
        path: PathBuf,
    },
    /// On standard output: the world knows it.
    Say {
        bytes: Vec<u8>,
    },
}

/// What several commands did, one after another.
#[derive(Default)]
pub(super) struct Trace {
    pub(super) ops: Vec<Op>,
    moments: usize,
}

impl Trace {
    /// The command, so that what it does is recorded into this file.
    pub(super) fn recorded(command: &Command, record: &Path) -> Command {
        let options = [
            "-y",
            "-xx",
            "-s",
            "16777216",
            "-e",
            &format!("trace={CHANGES}"),
            "-o",
        ];
        let options = options.map(OsString::from).into_iter();
        under_strace(command, options.chain([record.as_os_str().to_owned()]))
    }

    /// Adds a record. The moments of this trace are counted on.
    pub(super) fn add(&mut self, record: &Path) {
        let text = std::fs::read_to_string(record).unwrap();
        let mut open: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
        let mut reader = Reader::default();
        for line in text.lines() {
            self.moments += 1;
            let now = self.moments;
            let (thread, line) = line.split_once(' ').unwrap();
            let line = line.trim_start();
            if let Some(head) = line.strip_suffix(" <unfinished ...>") {
                open.insert(thread, (now, head));
            } else if let Some(rest) = line.strip_prefix("<... ") {
                let (_, tail) = rest.split_once(" resumed>").unwrap();
                let (begun, head) = open.remove(thread).unwrap();
                let change = reader.read(&format!("{head}{tail}"));
                self.push(begun, now, change);
            } else {
                let change = reader.read(line);
                self.push(now, now, change);
            }
        }
        self.moments += 1;
        // The process ended while these were under way: who began them cannot have gone on.
        for (begun, head) in open.into_values() {
            let change = reader.read(&format!("{head}) = {}", bytes_asked(head)));
            self.push(begun, self.moments, change);
        }
    }

    fn push(&mut self, begun: usize, done: usize, change: Option<Change>) {
        self.ops.extend(change.map(|change| Op {
            begun,
            done,
            change,
        }));
    }

    /// One more than the last moment.
    pub(super) fn end(&self) -> usize {
        self.moments + 1
    }

    /// The moments at which something changed on the disk below this folder.
    pub(super) fn moments_below(&self, folder: &Path) -> Vec<usize> {
        let below = |op: &&Op| match &op.change {
            Change::Open {
                path, create: true, ..
            }
            | Change::Write { path, .. }
            | Change::Truncate { path, .. }
            | Change::Sync { path }
            | Change::Rename { from: path, .. }
            | Change::Link { from: path, .. }
            | Change::Remove { path }
            | Change::Folder { path } => path.starts_with(folder),
            Change::Open { .. } | Change::Say { .. } => false,
        };
        self.ops.iter().filter(below).map(|op| op.done).collect()
    }

    /// All lines on standard output that had begun to be written before this moment.
    pub(super) fn said_before(&self, moment: usize) -> String {
        let said = self.ops.iter().filter(|op| op.begun < moment);
        let bytes = said.filter_map(|op| match &op.change {
            Change::Say { bytes } => Some(bytes.as_slice()),
            _ => None,
        });
        String::from_utf8(bytes.flatten().copied().collect()).unwrap()
    }
}

/// Reads the calls of one process, whose files have a position.
#[derive(Default)]
struct Reader {
    positions: BTreeMap<String, u64>,
}

impl Reader {
    /// The change that a whole line tells of: `name(arguments) = result`.
    fn read(&mut self, line: &str) -> Option<Change> {
        let (call, result) = line.rsplit_once(" = ")?;
        let (name, arguments) = call.trim_end().split_once('(')?;
        let arguments: Vec<&str> = arguments.strip_suffix(')')?.split(", ").collect();
        let failed = result.starts_with('-') || result.starts_with('?');
        if failed {
            return None;
        }
        let at = |folder: usize, path: usize| joined(arguments[folder], arguments[path]);
        Some(match name {
            "openat" => self.opened(at(0, 1), arguments[2], result),
            "open" => self.opened(text(arguments[0]), arguments[1], result),
            "write" => self.written(&arguments, result),
            "pwrite64" => Change::Write {
                path: file(arguments[0])?,
                offset: arguments[3].parse().unwrap(),
                bytes: taken(arguments[1], result),
            },
            "ftruncate" => Change::Truncate {
                path: file(arguments[0])?,
                length: arguments[1].parse().unwrap(),
            },
            "fsync" | "fdatasync" => Change::Sync {
                path: file(arguments[0])?,
            },
            "rename" => Change::Rename {
                from: text(arguments[0]),
                to: text(arguments[1]),
            },
            "renameat" | "renameat2" => Change::Rename {
                from: at(0, 1),
                to: at(2, 3),
            },
            "link" => Change::Link {
                from: text(arguments[0]),
                to: text(arguments[1]),
            },
            "linkat" => Change::Link {
                from: at(0, 1),
                to: at(2, 3),
            },
            "unlink" | "rmdir" => Change::Remove {
                path: text(arguments[0]),
            },
            "unlinkat" => Change::Remove { path: at(0, 1) },
            "mkdir" => Change::Folder {
                path: text(arguments[0]),
            },
            "mkdirat" => Change::Folder { path: at(0, 1) },
            // Sockets and pipes lose nothing that anybody was promised.
            _ if file(arguments[0]).is_some_and(|path| !path.is_absolute()) => return None,
            other => panic!("the disk's model does not know {other}: {line:.300}"),
        })
    }

    fn opened(&mut self, path: PathBuf, flags: &str, result: &str) -> Change {
        self.positions.insert(number(result).to_owned(), 0);
        let has = |flag: &str| flags.split('|').any(|word| word == flag);
        Change::Open {
            path,
            create: has("O_CREAT"),
            truncate: has("O_TRUNC"),
        }
    }

    fn written(&mut self, arguments: &[&str], result: &str) -> Change {
        let bytes = taken(arguments[1], result);
        let descriptor = number(arguments[0]);
        if descriptor == "1" {
            return Change::Say { bytes };
        }
        let position = self.positions.entry(descriptor.to_owned()).or_default();
        let offset = *position;
        *position += bytes.len() as u64;
        Change::Write {
            path: file(arguments[0]).unwrap_or_default(),
            offset,
            bytes,
        }
    }
}

/// How many bytes a call wants to write; nothing for others.
fn bytes_asked(head: &str) -> &str {
    let wants = head.starts_with("write(") || head.starts_with("pwrite64(");
    head.split(", ").nth(2).filter(|_| wants).unwrap_or("0")
}

/// The number in `5<path>`.
fn number(descriptor: &str) -> &str {
    descriptor.split('<').next().unwrap()
}

/// The path in `5<path>`.
fn file(descriptor: &str) -> Option<PathBuf> {
    let (_, path) = descriptor.split_once('<')?;
    Some(PathBuf::from(OsString::from_vec(bytes(
        path.split('>').next()?,
    ))))
}

fn joined(folder: &str, path: &str) -> PathBuf {
    file(folder).unwrap_or_default().join(text(path))
}

fn text(quoted: &str) -> PathBuf {
    PathBuf::from(OsString::from_vec(bytes(quoted.trim_matches('"'))))
}

/// As many bytes as the call wrote.
fn taken(quoted: &str, result: &str) -> Vec<u8> {
    assert!(
        !quoted.ends_with("..."),
        "strace has cut the data: {quoted:.100}"
    );
    let mut bytes = bytes(quoted.trim_matches('"'));
    bytes.truncate(result.split(' ').next().unwrap().parse().unwrap());
    bytes
}

/// `\x41\x42` as bytes.
fn bytes(escaped: &str) -> Vec<u8> {
    let digits = |pair: &str| u8::from_str_radix(pair, 16).unwrap_or_else(|_| panic!("{pair:?}"));
    escaped.split("\\x").skip(1).map(digits).collect()
}
