//! A Redis of a test's own.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use redis::aio::ConnectionManager;

/// A running Redis, which ends with the test.
pub struct Redis {
    process: Child,
    pub url: String,
    _folder: tempfile::TempDir,
}

impl Redis {
    /// Starts one on a free port of loopback that keeps nothing.
    pub async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .expect("a port")
            .local_addr()
            .expect("an address")
            .port();
        let folder = tempfile::tempdir().expect("a folder");
        let process = Command::new("redis-server")
            .args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
            ])
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("`cargo xtask test` installs redis-server");
        let redis = Self {
            process,
            url: format!("redis://127.0.0.1:{port}"),
            _folder: folder,
        };
        for _ in 0..100 {
            if redis.connect().await.is_ok() {
                return redis;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{} does not answer", redis.url);
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
