//! Connections: HTTP/1.1 alone, as a proxy speaks it, and none that is held open without asking for anything.

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower::Service as _;

/// The most bytes that are held of what a peer sends at once, its headers among them; who sends longer ones
/// is told so (431), and who sends a longer body waits until what came is read.
const HELD: usize = 64 * 1024;
/// How long a peer may take to read the end.
const LINGER: Duration = Duration::from_secs(2);

/// Answers what comes in here until `stop` comes true, and then what still runs. Whoever takes longer than
/// `most` from one request's end to the end of the next one's headers is hung up on.
pub async fn answer(
    mut listener: TcpListener,
    router: Router,
    most: Duration,
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
        running.spawn(hold(stream, address, router.clone(), most, closed.clone()));
    }
    drop((listener, closing));
    running.join_all().await;
}

/// Answers the requests of one connection, until it ends or the server does.
async fn hold(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    most: Duration,
    mut closed: watch::Receiver<()>,
) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        // A router is always ready.
        router.clone().call(request)
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(most)
        .max_buf_size(HELD)
        .serve_connection(TokioIo::new(stream), service);
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
    hang_up(connection.into_parts().io.into_inner()).await;
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
