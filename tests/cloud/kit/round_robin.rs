//! What stands before several copies: each new connection goes to the next one that takes it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// Takes connections and passes them on, until it is dropped.
pub struct RoundRobin {
    pub address: SocketAddr,
    taking: tokio::task::JoinHandle<()>,
}

impl RoundRobin {
    /// Before these ports of loopback.
    pub async fn before(listener: TcpListener, ports: Vec<u16>) -> Self {
        let address = listener.local_addr().expect("an address");
        let ports = Arc::new(ports);
        let next = AtomicUsize::new(0);
        let taking = tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let (ports, first) = (Arc::clone(&ports), next.fetch_add(1, Ordering::Relaxed));
                tokio::spawn(async move {
                    for turn in 0..ports.len() {
                        let port = ports[(first + turn) % ports.len()];
                        if let Ok(mut to) = TcpStream::connect(("127.0.0.1", port)).await {
                            let _ = copy_bidirectional(&mut from, &mut to).await;
                            return;
                        }
                    }
                });
            }
        });
        Self { address, taking }
    }
}

impl Drop for RoundRobin {
    fn drop(&mut self) {
        self.taking.abort();
    }
}
