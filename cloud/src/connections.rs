//! Connections: HTTP/1.1 alone, as a proxy speaks it, and none that is held open without asking for anything.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::Service as _;

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
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(most)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = closed.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection broke off");
    }
}
