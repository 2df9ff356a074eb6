//! Connections: HTTP/1.1 alone, as a proxy speaks it. There are so many at once, and none is held open without asking
//! for anything, or without reading what it asked for.

mod moving;

use std::future::{Future, poll_fn};
use std::io::Write as _;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower::Service as _;

use self::moving::Moving;
use crate::http::origin::Address;
use crate::http::room::{Place, Room};

/// The most bytes that are held of what a peer sends at once, its headers among them; who sends longer ones
/// is told so (431), and who sends a longer body waits until what came is read.
const HELD: usize = 64 * 1024;
/// The bytes that the system is to keep of what a peer did not take yet. It asks for more when a third of what it keeps
/// is gone; left to itself it keeps megabytes, and who reads steadily but slowly takes too long for a third of those.
const KEPT: usize = 128 * 1024;
/// How long a peer may take to read the end.
const LINGER: Duration = Duration::from_secs(2);

/// What is said to who connects when there is no place. It is not waited for that it arrives.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// What connections may take.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// How many there may be, in all and of each network.
    pub room: Arc<Room>,
    /// How long one may take from one request's end to the end of the next one's headers, and to read a little
    /// of what is sent to it.
    pub silence: Duration,
    /// How long what still runs may take at the end.
    pub grace: Duration,
}

/// Answers what comes in here until `stop` comes true, and then what still runs, as long as there is time.
pub async fn answer(
    mut listener: TcpListener,
    router: Router,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) {
    let mut stop = pin!(stop);
    let mut running = JoinSet::new();
    let (closing, closed) = watch::channel(());
    loop {
        let (stream, address) = tokio::select! {
            () = stop.as_mut() => break,
            taken = Listener::accept(&mut listener) => taken,
            // So that what has ended is not kept.
            Some(_) = running.join_next() => continue,
        };
        match bounds
            .room
            .take(Address(address.ip().to_canonical()).network())
        {
            Ok(place) => {
                let (router, closed) = (router.clone(), closed.clone());
                running.spawn(hold(stream, address, router, bounds.silence, closed, place));
            }
            Err(_) => turn_away(stream),
        }
    }
    drop((listener, closing));
    let all = async { while running.join_next().await.is_some() {} };
    if timeout(bounds.grace, all).await.is_err() {
        let connections = running.len();
        tracing::warn!(connections, "time is up; what still runs is cut off");
        running.shutdown().await;
    }
}

/// Says that there is no place, if that can be said at once.
fn turn_away(stream: TcpStream) {
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write(FULL);
    }
}

/// Answers the requests of one connection, until it ends or the server does.
async fn hold(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    silence: Duration,
    mut closed: watch::Receiver<()>,
    _place: Place,
) {
    // Where that is not to be had, only they are worse off.
    let _ = SockRef::from(&stream).set_send_buffer_size(KEPT);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        // A router is always ready.
        router.clone().call(request)
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(silence)
        .max_buf_size(HELD)
        .max_header_size(HELD)
        .serve_connection(TokioIo::new(Moving::new(stream, silence)), service);
    let mut is_closing = false;
    let ended = loop {
        let ended = tokio::select! {
            ended = poll_fn(|context| connection.poll_without_shutdown(context)) => Some(ended),
            _ = closed.changed(), if !is_closing => None,
        };
        if let Some(ended) = ended {
            break ended;
        }
        is_closing = true;
        Pin::new(&mut connection).graceful_shutdown();
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection broke off");
    }
    let stream = connection.into_parts().io.into_inner();
    hang_up(stream.into_inner()).await;
}

/// Ends a connection so that the last answer arrives: whoever still sends when all is closed at once loses it
/// (RFC 9112, section 9.6).
async fn hang_up(mut stream: TcpStream) {
    let rest = async {
        stream.shutdown().await?;
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
    };
    // Who has gone, or does not go in time, is not waited for.
    let _ = timeout(LINGER, rest).await;
}
