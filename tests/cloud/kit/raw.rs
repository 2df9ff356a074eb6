//! Requests byte by byte, as no client would send them.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Cloud;

/// How long a test waits for a server that never hangs up.
const TOO_LONG: Duration = Duration::from_secs(120);

/// All that came back on a connection until the server hung up.
#[derive(Debug)]
pub struct Raw(pub String);

impl Raw {
    /// The status of each answer.
    pub fn statuses(&self) -> Vec<u16> {
        let answers = self.0.split("HTTP/1.1 ").skip(1);
        answers
            .map(|answer| answer[..3].parse().expect("a status"))
            .collect()
    }

    /// The status of the one answer.
    #[track_caller]
    pub fn status(&self) -> u16 {
        let statuses = self.statuses();
        assert_eq!(statuses.len(), 1, "{}", self.0);
        statuses[0]
    }
}

impl Cloud {
    /// Sends these bytes on a connection of their own, and waits until the server hangs up.
    pub async fn raw(&self, bytes: impl AsRef<[u8]>) -> Raw {
        let mut stream = TcpStream::connect(self.address).await.expect("it listens");
        // The server may have hung up before it read all.
        let _ = stream.write_all(bytes.as_ref()).await;
        let mut all = Vec::new();
        let read = timeout(TOO_LONG, stream.read_to_end(&mut all)).await;
        let _ = read.expect("the server hangs up");
        Raw(String::from_utf8_lossy(&all).into_owned())
    }
}
