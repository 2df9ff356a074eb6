//! Load over connections that are kept open: each sends a request when the last one was answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// What came of it.
pub struct Seen {
    pub per_second: f64,
    /// The time within which 99 of 100 were answered, in milliseconds.
    pub p99: f64,
    /// The same for half of them.
    pub p50: f64,
}

/// A request as it goes over the wire; the number makes each its own.
pub type Request = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// Reads one answer; its status.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> u16 {
    buffer.clear();
    let mut whole = None;
    loop {
        let read = stream.read_buf(buffer).await.expect("an answer");
        assert!(read > 0, "the connection was closed");
        if whole.is_none()
            && let Some(end) = memchr::memmem::find(buffer, b"\r\n\r\n")
        {
            let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"));
            whole = Some(
                end + 4
                    + length.map_or(0, |length| {
                        length.trim().parse::<usize>().expect("a length")
                    }),
            );
        }
        if whole.is_some_and(|whole| buffer.len() >= whole) {
            let status = std::str::from_utf8(&buffer[9..12]).expect("a status");
            return status.parse().expect("a status");
        }
    }
}

/// How a load is put on.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// How many connections are kept busy.
    pub connections: u64,
    /// How long each of them rests after an answer.
    pub rest: Duration,
    /// For how long.
    pub lasts: Duration,
}

/// Puts a load on. Every answer must have one of these statuses.
pub async fn run(
    address: SocketAddr,
    load: Load,
    statuses: &'static [u16],
    request: Request,
) -> Seen {
    let stop = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let workers: Vec<_> = (0..load.connections)
        .map(|worker| {
            let (stop, request) = (Arc::clone(&stop), Arc::clone(&request));
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.expect("a connection");
                stream.set_nodelay(true).expect("a socket");
                let (mut took, mut buffer, mut count) =
                    (Vec::new(), Vec::with_capacity(4096), worker << 40);
                while !stop.load(Ordering::Relaxed) {
                    let bytes = request(count);
                    count += 1;
                    let sent = Instant::now();
                    stream.write_all(&bytes).await.expect("it is sent");
                    let given = answer(&mut stream, &mut buffer).await;
                    took.push(sent.elapsed());
                    assert!(
                        statuses.contains(&given),
                        "{}",
                        String::from_utf8_lossy(&buffer)
                    );
                    if !load.rest.is_zero() {
                        tokio::time::sleep(load.rest).await;
                    }
                }
                took
            })
        })
        .collect();
    tokio::time::sleep(load.lasts).await;
    stop.store(true, Ordering::Relaxed);
    let mut took = Vec::new();
    for worker in workers {
        took.extend(worker.await.expect("no panic"));
    }
    let whole = began.elapsed();
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    Seen {
        per_second: took.len() as f64 / whole.as_secs_f64(),
        p99: at(0.99),
        p50: at(0.5),
    }
}
