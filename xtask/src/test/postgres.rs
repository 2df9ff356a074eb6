//! A PostgreSQL of the tests' own: made anew, on loopback, ended with the tests.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::setup;

/// How often it is asked whether it answers, a tenth of a second apart.
const LOOKS: u32 = 300;

/// A running PostgreSQL.
pub(super) struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    as_user: Option<&'static str>,
    pub(super) url: String,
}

impl Postgres {
    /// Makes and starts one.
    pub(super) fn start() -> Result<Self> {
        let programs = setup::postgres_programs().context("PostgreSQL is not installed")?;
        // initdb refuses to be run by root; Debian's package brings a user for it.
        let is_root =
            process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
        let as_user = is_root.then_some("postgres");
        // Below /tmp, which that user can reach, and whose paths are short enough for a socket.
        let folder = std::env::temp_dir().join(format!("slipway-postgres-{}", std::process::id()));
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("postgres://postgres@127.0.0.1:{port}");
        let postgres = Self {
            programs,
            folder,
            as_user,
            url,
        };
        fs::create_dir_all(&postgres.folder)?;
        if as_user.is_some() {
            process::output(Command::new("chown").arg("postgres").arg(&postgres.folder))?;
        }
        let data = postgres.folder.join("data");
        process::output(
            postgres
                .program("initdb")
                .args([
                    "--auth=trust",
                    "--username=postgres",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync",
                    "--pgdata",
                ])
                .arg(&data),
        )?;
        // Nothing here outlives the tests, so nothing is flushed to the disk.
        let settings = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=off -c max_connections=400 -c shared_buffers=64MB",
            postgres.folder.display()
        );
        let log = postgres.folder.join("log");
        let mut start = postgres.program("pg_ctl");
        start
            .args([
                "start",
                "--silent",
                "--no-wait",
                "--options",
                &settings,
                "--pgdata",
            ])
            .arg(&data)
            .arg("--log")
            .arg(&log);
        process::output(&mut start)?;
        for _ in 0..LOOKS {
            let mut ready = postgres.program("pg_isready");
            if process::succeeds(ready.args([
                "--quiet",
                "--host=127.0.0.1",
                &format!("--port={port}"),
            ])) {
                return Ok(postgres);
            }
            thread::sleep(Duration::from_millis(100));
        }
        let said = fs::read_to_string(log).unwrap_or_default();
        bail!(
            "{} does not answer within half a minute; it said:\n{said}",
            postgres.url
        )
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = match self.as_user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["--user", user, "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.args(["stop", "--silent", "--mode=immediate", "--pgdata"])
            .arg(self.folder.join("data"));
        if let Err(error) = process::output(&mut stop) {
            eprintln!("the tests' PostgreSQL could not be ended: {error}");
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}
