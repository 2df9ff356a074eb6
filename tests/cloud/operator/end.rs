//! How it ends.

use rustix::process::Signal;

use super::data;
use crate::kit::get_plain;
use crate::kit::process::Process;

#[tokio::test(flavor = "multi_thread")]
async fn it_says_that_it_is_not_ready_before_it_ends_and_ends_at_once_when_told_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(&[
        ("SLIPWAY_CLOUD_DATA", &data(folder.path())),
        ("SLIPWAY_CLOUD_DRAIN", "300"),
    ]);
    let ready = format!("{}/ready", server.url());
    assert_eq!(get_plain(&ready).await.0, 204);
    server.signal(Signal::TERM);
    while get_plain(&ready).await.0 != 503 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // New connections are taken, until whoever sends them has seen it.
    assert_eq!(get_plain(&format!("{}/health", server.url())).await.0, 204);
    server.signal(Signal::INT);
    assert_eq!(server.ended(), Some(130));
}
