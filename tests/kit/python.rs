//! Programs in Python beside which Slipway is held, each in an environment of its own that
//! `cargo xtask test` sets up.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a program asks it asks of this machine.
const PROXIES: [&str; 6] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
];

/// The Python of this environment.
fn program(environment: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let folder = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    target.join(environment).join(folder)
}

/// What a program below `tests/` answers to these questions, one line of JSON for each.
pub(crate) fn told<'q>(
    environment: &str,
    script: &str,
    questions: impl IntoIterator<Item = &'q Value>,
) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
    let mut command = Command::new(program(environment));
    command.arg(script).env_remove("PYTHONPATH");
    for proxy in PROXIES {
        command.env_remove(proxy);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`cargo xtask test` sets the environment up");
    let lines: String = questions
        .into_iter()
        .map(|question| format!("{question}\n"))
        .collect();
    let mut input = child.stdin.take().unwrap();
    // Beside reading, since both pipes are short.
    let writing = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(output.status.success(), "{}", output.status);
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
