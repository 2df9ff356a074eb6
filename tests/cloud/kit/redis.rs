//! A Redis of a test's own.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use redis::aio::ConnectionManager;
use tokio::net::TcpStream;

use super::tls::Certified;

/// A running Redis, which ends with the test.
pub struct Redis {
    process: Child,
    command: Command,
    port: u16,
    pub url: String,
    _folder: tempfile::TempDir,
}

impl Redis {
    /// Starts one on a free port of loopback that keeps nothing.
    pub async fn start() -> Self {
        let redis = Self::start_as("redis", &[]);
        redis.answers().await;
        redis
    }

    /// The same, which speaks TLS alone.
    pub async fn start_with_tls(certified: &Certified) -> Self {
        let path = |path: &Path| path.display().to_string();
        let redis = Self::start_as(
            "rediss",
            &[
                ("--tls-cert-file", &*path(&certified.certificate)),
                ("--tls-key-file", &*path(&certified.key)),
                ("--tls-ca-cert-file", &*path(&certified.authority)),
                ("--tls-auth-clients", "no"),
            ],
        );
        redis.takes_connections().await;
        redis
    }

    /// Starts it again, where it was.
    pub async fn start_again(&mut self) {
        self.process = self.command.spawn().expect("it starts again");
        self.answers().await;
    }

    fn start_as(scheme: &str, more: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .expect("a port")
            .local_addr()
            .expect("an address")
            .port();
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new("redis-server");
        let at = port.to_string();
        let ports = match scheme {
            "rediss" => [("--port", "0"), ("--tls-port", &at)].to_vec(),
            _ => [("--port", &*at)].to_vec(),
        };
        for (name, value) in ports.into_iter().chain(more.iter().copied()).chain([
            ("--bind", "127.0.0.1"),
            ("--save", ""),
            ("--appendonly", "no"),
        ]) {
            command.args([name, value]);
        }
        command
            .arg("--dir")
            .arg(folder.path())
            .stdout(Stdio::null());
        let process = command
            .spawn()
            .expect("`cargo xtask test` installs redis-server");
        Self {
            process,
            command,
            port,
            url: format!("{scheme}://127.0.0.1:{port}"),
            _folder: folder,
        }
    }

    async fn answers(&self) {
        for _ in 0..100 {
            if self.connect().await.is_ok() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{} does not answer", self.url);
    }

    async fn takes_connections(&self) {
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{} takes no connections", self.url);
    }

    /// A connection to it.
    pub async fn connect(&self) -> redis::RedisResult<ConnectionManager> {
        redis::Client::open(&*self.url)?
            .get_connection_manager()
            .await
    }

    /// Ends it now.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
