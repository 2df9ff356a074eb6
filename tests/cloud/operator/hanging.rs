//! A database that hangs: who asks is told so, soon, and that it is not their doing.

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::given;
use crate::kit::process::Process;
use crate::kit::{Cloud, Engine, client};

/// Passes on what goes to this address, until it is told to hang.
async fn passing(to: String) -> (String, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (hang, hangs) = watch::channel(false);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let (to, mut hangs) = (to.clone(), hangs.clone());
            tokio::spawn(async move {
                let mut far = TcpStream::connect(to).await.expect("the database");
                let hung = async {
                    drop(hangs.wait_for(|hangs| *hangs).await);
                };
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    () = hung => std::future::pending().await,
                }
            });
        }
    });
    (address, hang)
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_to_hang() {
    let cloud = Cloud::start(Engine::Postgres).await;
    let url = url::Url::parse(&cloud.database).expect("a URL");
    let at = format!(
        "{}:{}",
        url.host_str().expect("a host"),
        url.port().expect("a port")
    );
    let (address, hang) = passing(at.clone()).await;
    let mut settings = cloud.settings();
    for (name, value) in &mut settings {
        if name == "DATABASE_URL" {
            *value = value.replace(&at, &address);
        }
    }
    settings.push(("SLIPWAY_CLOUD_REQUEST_TIMEOUT".to_owned(), "1".to_owned()));
    let server = tokio::task::spawn_blocking(move || Process::serve(&given(&settings)));
    let server = server.await.expect("it starts");
    let ask = async |path: &str| {
        let answer = client().get(format!("{}{path}", server.url())).send().await;
        let answer = answer.expect("an answer");
        let again = answer.headers().contains_key("retry-after");
        (answer.status().as_u16(), again)
    };
    assert_eq!(ask("/.well-known/jwks.json").await, (200, false));
    hang.send_replace(true);
    assert_eq!(ask("/.well-known/jwks.json").await, (503, true));
    assert_eq!(ask("/ready").await, (503, true));
    assert_eq!(ask("/health").await, (204, false));
    cloud.stop().await;
}
