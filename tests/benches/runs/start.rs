//! From starting the command to its first request.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::figures::{Line, median};
use crate::ms;
use crate::server::Server;

pub(crate) const NAME: &str = "start of `slipway run` to its request";

/// Starts the built command several times; the floor is the same program printing its version.
pub(crate) fn measure(server: &Server, starts: usize) {
    let Some(slipway) = std::env::var_os("SLIPWAY_BIN") else {
        println!(
            "start to first request                 skipped: SLIPWAY_BIN names no built command"
        );
        return;
    };
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let agent = home.path().join("bench");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&slipway);
        command
            .args(arguments)
            .env("SLIPWAY_HOME", home.path().join("home"))
            .env("OPENAI_BASE_URL", server.base())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    let agent = agent.to_str().unwrap().to_owned();
    assert!(
        run(&["new", &agent]).status().unwrap().success(),
        "slipway new must make an agent"
    );
    let (mut measured, mut floor) = (Vec::new(), Vec::new());
    for round in 0..=starts {
        let before = server.requests();
        let begun = Instant::now();
        let mut child = run(&["run", &agent, "--model", "openai/m", "--json"])
            .spawn()
            .unwrap();
        while server.requests() == before {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "no request arrived"
            );
            std::thread::sleep(Duration::from_micros(100));
        }
        // The first start makes the database; it is no start like the others.
        if round > 0 {
            measured.push(begun.elapsed());
        }
        child.wait().unwrap();
        let begun = Instant::now();
        run(&["--version"]).status().unwrap();
        floor.push(begun.elapsed());
    }
    let (measured, floor) = (median(&mut measured), median(&mut floor));
    Line {
        name: NAME,
        measured: ms(measured),
        floor: ms(floor),
        unit: "ms",
        goal: "≤ 50 ms".into(),
    }
    .print();
}
