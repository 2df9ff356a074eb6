//! Taking requests until told to stop.

use std::future::Future;
use std::io;
use std::sync::atomic::Ordering;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use futures::FutureExt as _;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;

use crate::config::Config;
use crate::connections::{self, Bounds};
use crate::descriptors;
use crate::endpoints;
use crate::http::room::Room;
use crate::server::Server;
use crate::telemetry;
use crate::worker;

/// Serves requests that come in here until `stop` comes true, and does a worker's work where the settings
/// say so; then finishes what runs, as long as there is time, takes nothing new, and closes the database.
pub async fn serve(
    server: &Server,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let ending = server.clone();
    let stop = async move {
        stop.await;
        ending.is_ending.store(true, Ordering::Relaxed);
        tokio::time::sleep(ending.config.drain).await;
    };
    let stop = stop.boxed().shared();
    let requests = connections::answer(
        listener,
        endpoints::build(server),
        bounds(&server.config),
        stop.clone(),
    );
    let work = async {
        if server.config.worker {
            worker::work(server, stop).await;
        }
    };
    tokio::join!(requests, work);
    server.database.close().await;
}

/// What connections may take. All that come over a proxy are of one network, so that its share is the whole.
fn bounds(config: &Config) -> Bounds {
    let all = descriptors::connections(config.open_connections, config.connections);
    Bounds {
        room: match config.proxies {
            0 => Room::new(all),
            _ => Room::split(all, all),
        },
        silence: config.request_timeout,
        grace: config.stop_timeout,
    }
}

/// Serves what those who run the server ask: its metrics. Apart from the public, and to nobody else's use.
///
/// # Errors
/// When no more can be taken here.
pub async fn serve_metrics(
    listener: TcpListener,
    handle: PrometheusHandle,
    server: Server,
) -> Result<()> {
    let shown = async |State((handle, server)): State<(PrometheusHandle, Server)>| {
        telemetry::measure(&server).await;
        (
            [(CONTENT_TYPE, "text/plain; version=0.0.4")],
            handle.render(),
        )
            .into_response()
    };
    let router = Router::new()
        .route("/metrics", get(shown))
        .fallback(async || StatusCode::NOT_FOUND)
        .with_state((handle, server));
    axum::serve(listener, router)
        .await
        .context("metrics cannot be told any more")
}

/// As shells tell of who was ended by Ctrl-C.
const INTERRUPTED: i32 = 130;

#[cfg(unix)]
type Signal = tokio::signal::unix::Signal;
#[cfg(windows)]
type Signal = tokio::signal::windows::CtrlC;

/// Comes true when the process is told to end: SIGTERM, or Ctrl-C. It is heard from the call on, before anybody waits.
pub fn told_to_stop() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let (mut interrupted, mut terminated) = {
        use tokio::signal::unix::{SignalKind, signal};
        (
            heard("Ctrl-C", signal(SignalKind::interrupt())),
            heard("SIGTERM", signal(SignalKind::terminate())),
        )
    };
    #[cfg(windows)]
    let (mut interrupted, mut terminated) =
        (heard("Ctrl-C", tokio::signal::windows::ctrl_c()), None);
    async move {
        tokio::select! {
            () = told(&mut interrupted) => {}
            () = told(&mut terminated) => {}
        }
        // Who presses it once more does not want to wait for what runs.
        tokio::spawn(async move {
            told(&mut interrupted).await;
            tracing::warn!("told twice: what runs is cut off");
            std::process::exit(INTERRUPTED);
        });
    }
}

fn heard(name: &str, signal: io::Result<Signal>) -> Option<Signal> {
    signal
        .inspect_err(|error| tracing::error!(%error, "{name} is not heard"))
        .ok()
}

/// Comes true with the next signal; never, where none is heard.
async fn told(signal: &mut Option<Signal>) {
    if let Some(signal) = signal
        && signal.recv().await.is_some()
    {
        return;
    }
    std::future::pending::<()>().await;
}
