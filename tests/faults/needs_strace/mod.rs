//! Faults at the border to the kernel, where every program's reads and writes pass: strace records
//! them, lets them fail, and kills at them.
//!
//! See `docs/decisions/0002-fault-injection.md`.

mod disk;
mod failing;
mod killed;
mod power;
mod trace;

use std::ffi::OsString;
use std::process::Command;

/// The system calls that change what lies on a disk.
const CHANGES: &str = "open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,\
fallocate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,\
copy_file_range,sendfile";

/// The same calls one by one, as far as ours make them: strace counts each for itself.
const POINTS: [&str; 11] = [
    "mkdir",
    "pwrite64",
    "ftruncate",
    "fsync",
    "fdatasync",
    "linkat",
    "rename",
    "renameat2",
    "unlink",
    "unlinkat",
    "copy_file_range",
];

/// Kills the command that `attempt` is given when it enters the first, second, … of each call, until
/// it comes to its end, which `attempt` says. Of the points each so-manieth is tried;
/// `SLIPWAY_EVERY=1` tries all. Returns how many there were.
pub(crate) fn killed_everywhere(
    every: usize,
    mut attempt: impl FnMut(&str, &dyn Fn(&Command) -> Command) -> bool,
) -> usize {
    let every = std::env::var("SLIPWAY_EVERY").map_or(every, |every| every.parse().unwrap());
    let mut kills = 0;
    for call in POINTS {
        for count in (1..).step_by(every) {
            let inject = format!("inject={call}:signal=SIGKILL:when={count}");
            let killed = |command: &Command| {
                let trace = format!("trace={call}");
                let options = ["-e", &trace, "-e", &inject, "-o", "/dev/null"];
                under_strace(command, options.map(OsString::from))
            };
            if !attempt(&format!("{call} {count}"), &killed) {
                break;
            }
            kills += 1;
        }
    }
    kills
}

/// The same command under strace, told what to do with these options.
fn under_strace(command: &Command, options: impl IntoIterator<Item = OsString>) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq"]).args(options).arg("--");
    traced.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        traced.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    }
    traced
}
