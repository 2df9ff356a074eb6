//! What is in a running Slipway's memory after its key was removed from the vault.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use super::server::Server;
use super::{KEY, Watched, caller};
use crate::kit::{Answer, Reply, Running, model, until_asked};

/// Long enough that no register and no corner of a stack holds it by chance.
const SECRET: &str = "sk-removed-Zk3v9Qm1Xw7Rb5Ty2Np8Lc4Jh6Gf0Ds-Ua1Ei9Ov3Bn7Mq5Ck2Wx8Zy4Pl6Rt0";
const PASSPHRASE: &str = "a passphrase of a test";

#[test]
fn five_seconds_after_a_key_was_removed_a_running_process_has_it_no_more() {
    let (go_on, wait) = channel::<()>();
    let wait = Mutex::new(wait);
    let slow = Server::answering(1, move |_| {
        // Ends with the test at the latest: then the other end is gone.
        let _ = wait.lock().unwrap().recv();
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok".to_vec()
    });
    let asks = Answer::tool("c1", "http_request", &json!({ "url": slow.url(0) }));
    let provider = model([Reply::from(asks).after(Duration::from_secs(3))]);
    let base = provider.base_url().to_string();
    let mut watched = Watched::new();
    watched.keep(KEY, SECRET, PASSPHRASE);
    let agent = caller(&watched.desk, &slow);
    let variables = [
        ("OPENAI_BASE_URL", base.as_str()),
        ("SLIPWAY_VAULT_PASSPHRASE", PASSPHRASE),
    ];
    let mut command = watched.command(&["run", agent, "--json", "--approve", "allow"], &variables);
    command.env("SLIPWAY_LOG", "warn");
    let running = Running::start(command);
    until_asked(&provider, 1);
    let while_it_is_used = match count(&running, SECRET) {
        Ok(found) => found,
        Err(error) => {
            skipped(&error);
            return;
        }
    };
    assert!(
        while_it_is_used > 0,
        "the search finds the key where it is in use"
    );

    while slow.asked() == 0 {
        sleep(Duration::from_millis(20));
    }
    watched.run(&["secrets", "remove", KEY], &[]).exits(0);
    sleep(Duration::from_secs(5));
    assert_eq!(count(&running, SECRET).unwrap(), 0, "all of the key");
    let half = &SECRET[SECRET.len() / 2..];
    assert_eq!(count(&running, half).unwrap(), 0, "a half of the key");

    go_on.send(()).unwrap();
    let ran = running.end().exits(1);
    assert_eq!(ran.event("tool.returned")["is_error"], false);
    let end = ran.event("run.finished");
    let why = end.to_string();
    assert!(
        why.contains("OPENAI_API_KEY") || end["reason"] == "model",
        "{why}"
    );
}

#[expect(
    clippy::print_stderr,
    reason = "who reads the results must know that this one says nothing"
)]
fn skipped(error: &io::Error) {
    eprintln!("skipped: this system lets no process read the memory of its child ({error})");
}

/// How often the text stands in what the process may write to: what a core dump would hold.
fn count(process: &Running, text: &str) -> io::Result<usize> {
    let pid = process.pid().as_raw_nonzero();
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps"))?;
    let memory = File::open(format!("/proc/{pid}/mem"))?;
    let mut found = 0;
    let mut read_at_all = 0;
    for map in maps.lines() {
        let mut fields = map.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else {
            continue;
        };
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').expect("a range");
        let from = u64::from_str_radix(from, 16).expect("an address");
        let to = u64::from_str_radix(to, 16).expect("an address");
        let mut bytes = vec![0; usize::try_from(to - from).expect("a size")];
        // A map may be gone since the list was read.
        let Ok(read) = memory.read_at(&mut bytes, from) else {
            continue;
        };
        read_at_all += read;
        let needle = text.as_bytes();
        found += memchr::memmem::find_iter(&bytes[..read], needle).count();
    }
    if read_at_all == 0 {
        return Err(io::Error::from(io::ErrorKind::PermissionDenied));
    }
    Ok(found)
}
