//! A PostgreSQL of a test's own, which it may restart.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::tls::Certified;

/// A running PostgreSQL, which ends with the test.
pub struct Postgres {
    programs: PathBuf,
    folder: tempfile::TempDir,
    is_root: bool,
    settings: String,
    pub url: String,
}

fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<PathBuf> = versions
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    // Else those on the PATH.
    found.pop().unwrap_or_default()
}

impl Postgres {
    /// Makes and starts one, which flushes what it acknowledges.
    pub fn start() -> Self {
        let postgres = Self::make();
        postgres.control(&["start", "--wait"]);
        postgres
    }

    /// Makes and starts one that takes nobody without TLS.
    pub fn start_with_tls(certified: &Certified) -> Self {
        let mut postgres = Self::make();
        for (from, name) in [
            (&certified.certificate, "server.crt"),
            (&certified.key, "server.key"),
        ] {
            let to = postgres.data().join(name);
            fs::copy(from, &to).expect("copied");
            done(Command::new("chmod").arg("600").arg(&to));
            if postgres.is_root {
                done(Command::new("chown").arg("postgres").arg(&to));
            }
        }
        let who = postgres.data().join("pg_hba.conf");
        fs::write(who, "hostssl all all all trust\n").expect("written");
        postgres.settings.push_str(" -c ssl=on");
        postgres.control(&["start", "--wait"]);
        postgres
    }

    fn make() -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .expect("a port")
            .local_addr()
            .expect("an address")
            .port();
        let folder = tempfile::tempdir().expect("a folder");
        let settings = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=100 -c shared_buffers=32MB",
            folder.path().display()
        );
        let postgres = Self {
            programs: programs(),
            is_root: fs::metadata("/proc/self")
                .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0),
            folder,
            settings,
            url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
        };
        if postgres.is_root {
            done(
                Command::new("chown")
                    .arg("postgres")
                    .arg(postgres.folder.path()),
            );
        }
        done(
            postgres
                .program("initdb")
                .args([
                    "--auth=trust",
                    "--username=postgres",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--pgdata",
                ])
                .arg(postgres.data()),
        );
        postgres
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The program, as a user whom PostgreSQL takes: it does not run as root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = Command::new(if self.is_root {
            "runuser".into()
        } else {
            program.clone()
        });
        if self.is_root {
            command.args(["--user", "postgres", "--"]).arg(program);
        }
        command
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    fn control(&self, how: &[&str]) {
        let mut command = self.program("pg_ctl");
        command
            .args(how)
            .args(["--silent", "--pgdata"])
            .arg(self.data());
        command
            .args(["--options", &self.settings, "--log"])
            .arg(self.folder.path().join("log"));
        done(&mut command);
    }

    /// Ends it as a crash would, and starts it again.
    pub fn crash_and_restart(&self) {
        self.control(&["restart", "--wait", "--mode=immediate"]);
    }

    /// Starts it again as a standby, which only reads.
    pub fn restart_as_standby(&self) {
        let signal = self.data().join("standby.signal");
        fs::write(&signal, "").expect("written");
        if self.is_root {
            done(Command::new("chown").arg("postgres").arg(&signal));
        }
        self.control(&["restart", "--wait", "--mode=fast"]);
    }

    /// Makes a standby take writes.
    pub fn promote(&self) {
        self.control(&["promote", "--wait"]);
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        let _ = stop
            .args(["stop", "--silent", "--mode=immediate", "--pgdata"])
            .arg(self.data())
            .status();
    }
}

fn done(command: &mut Command) {
    let ended = command.status().expect("PostgreSQL's programs start");
    assert!(ended.success(), "{command:?} ended with {ended}");
}
