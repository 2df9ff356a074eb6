//! The guarded client against real servers on this machine: what is refused never connects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request as Incoming};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response as Answer};
use axum::routing::{any, get};
use futures::future::BoxFuture;
use futures::{StreamExt, stream};
use reqwest::Method;
use slipway_net::{GrantedHosts, Guarded, Lookup, NetError, Request};
use tokio::net::TcpListener;

/// Resolves every name to loopback.
struct Home(AtomicUsize);

impl Lookup for Home {
    fn lookup(&self, _: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(vec![Ipv4Addr::LOCALHOST.into()]) })
    }
}

fn guarded() -> Guarded {
    Guarded::new(Arc::new(Home(AtomicUsize::new(0))))
}

/// A listener that only counts who connects.
async fn counting() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    // The same port on IPv6 where the machine has it.
    let six = TcpListener::bind(("::1", port)).await.ok();
    tokio::spawn(async move {
        loop {
            let accepted = match &six {
                Some(six) => tokio::select! { a = listener.accept() => a, a = six.accept() => a },
                None => listener.accept().await,
            };
            if accepted.is_ok() {
                seen.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    (port, count)
}

async fn serve(router: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

fn get_request(url: impl Into<String>) -> Request {
    let mut request = Request::new(Method::GET, url);
    request.timeout = Duration::from_secs(5);
    request
}

fn local(ports: &[u16]) -> GrantedHosts {
    let patterns: Vec<String> = ports.iter().map(|p| format!("127.0.0.1:{p}")).collect();
    GrantedHosts::new(&patterns)
}

/// Everything that leads to this machine, written in every way, while names, wildcards and other
/// ports are granted but not the address with its port.
#[tokio::test]
async fn no_notation_of_a_private_address_connects() {
    let (port, connections) = counting().await;
    let granted = GrantedHosts::new(&[
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("localhost:{port}"),
        format!("*.example.com:{port}"),
        format!("example.com:{port}"),
        format!("1.1.1.1:{port}"),
    ]);
    let urls = [
        "http://127.0.0.1:P/",
        "http://127.1:P/",
        "http://127.0.1:P/",
        "http://127.0.0.1.:P/",
        "http://2130706433:P/",
        "http://0x7f000001:P/",
        "http://0X7F000001:P/",
        "http://017700000001:P/",
        "http://0177.0.0.1:P/",
        "http://0x7f.0.0.1:P/",
        "http://0x7f.1:P/",
        "http://0177.0x0.0.0x1:P/",
        "http://127.0.0.2:P/",
        "http://127.255.255.254:P/",
        "http://0:P/",
        "http://0.0.0.0:P/",
        "http://00000000:P/",
        "http://[::]:P/",
        "http://[::1]:P/",
        "http://[0:0:0:0:0:0:0:1]:P/",
        "http://[0000::0001]:P/",
        "http://[::ffff:127.0.0.1]:P/",
        "http://[::ffff:7f00:1]:P/",
        "http://[::FFFF:7F00:0001]:P/",
        "http://[::127.0.0.1]:P/",
        "http://[64:ff9b::127.0.0.1]:P/",
        "http://[64:ff9b::7f00:1]:P/",
        "http://[2002:7f00:1::]:P/",
        "http://[fe80::1]:P/",
        "http://[::1%25lo]:P/",
        "http://%31%32%37.0.0.1:P/",
        "http://127%2e0%2e0%2e1:P/",
        "http://１２７.０.０.１:P/",
        "http://127。0。0。1:P/",
        "http://①②⑦.0.0.1:P/",
        "http://0x7f。1:P/",
        "http://LOCALHOST:P/",
        "http://localhost:P/",
        "http://localhost.:P/",
        "http://LocalHost:P/",
        "http://ⓛocalhost:P/",
        "http://a.example.com:P/",
        "http://127.0.0.1.example.com:P/",
        "http://example.com@127.0.0.1:P/",
        "http://example.com:80@127.0.0.1:P/",
        "http://127.0.0.1:P@example.com:P/",
        "http://example.com%40127.0.0.1:P/",
        "http://example.com#@127.0.0.1:P/",
        "http://1.1.1.1 @127.0.0.1:P/",
        "http://1.1.1.1\\@127.0.0.1:P/",
        "http:127.0.0.1:P/",
        "http:/127.0.0.1:P/",
        "http:///127.0.0.1:P/",
        "http:\\\\127.0.0.1:P\\",
        " http://127.0.0.1:P/",
        "ht\ntp://127.0.0.1:P/",
        "http://127.0.0\t.1:P/",
        "HTTP://127.0.0.1:P/",
        "https://127.0.0.1:P/",
        "ftp://127.0.0.1:P/",
        "gopher://127.0.0.1:P/",
        "file:///etc/passwd",
        "ws://127.0.0.1:P/",
        "unix:///run/docker.sock",
        "http://127.0.0.1:P:80/",
        "http://[127.0.0.1]:P/",
        "http://10.0.0.1:P/",
        "http://192.168.0.1:P/",
        "http://172.16.0.1:P/",
        "http://100.64.0.1:P/",
        "",
        "http://",
        "//127.0.0.1:P/",
    ];
    assert!(urls.len() >= 60);
    let guarded = guarded();
    for url in urls {
        let url = url.replace('P', &port.to_string());
        let mut request = get_request(&url);
        request.timeout = Duration::from_millis(500);
        let result = guarded.send(request, &granted).await;
        // `example.com#@127…` asks example.com, which the resolver leads to this machine.
        assert!(
            !matches!(
                result,
                Ok(_)
                    | Err(NetError::Timeout { .. }
                        | NetError::Connect { .. }
                        | NetError::Exchange { .. })
            ),
            "{url} must be refused before it connects: {result:?}"
        );
        assert_eq!(connections.load(Ordering::SeqCst), 0, "{url} connected");
    }
}

/// Metadata services are refused even where somebody granted them.
#[tokio::test]
async fn no_notation_of_a_metadata_address_is_requested() {
    let granted = GrantedHosts::new(&[
        "169.254.169.254",
        "169.254.169.254:80",
        "[::ffff:169.254.169.254]:80",
        "[64:ff9b::a9fe:a9fe]:80",
        "[2002:a9fe:a9fe::]:80",
        "[fd00:ec2::254]:80",
        "[fd20:ce::254]:80",
        "169.254.170.2:80",
        "100.100.100.200:80",
        "168.63.129.16:80",
        "192.0.0.192:80",
        "metadata.google.internal",
        "metadata",
        "metadata.azure.internal",
        "*.google.internal",
        "instance-data.ec2.internal",
    ]);
    for url in [
        "http://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254:80/",
        "http://169.254.169.254./",
        "http://169.254.43518/",
        "http://169.16689662/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0xA9.0xFE.0xA9.0xFE/",
        "http://025177524776/",
        "http://0251.0376.0251.0376/",
        "http://169.254.0xa9fe/",
        "http://%31%36%39.254.169.254/",
        "http://１６９.254.169.254/",
        "http://169。254。169。254/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
        "http://[64:ff9b::169.254.169.254]/",
        "http://[2002:a9fe:a9fe::]/",
        "http://[fd00:ec2::254]/",
        "http://[FD00:0EC2:0:0:0:0:0:0254]/",
        "http://[fd20:ce::254]/",
        "http://169.254.170.2/v2/credentials",
        "http://100.100.100.200/latest/meta-data/",
        "http://168.63.129.16/machine",
        "http://192.0.0.192/opc/v2/instance/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://METADATA.google.INTERNAL/",
        "http://metadata.google.internal./",
        "http://metadata.google.internal:80/",
        "http://metadata。google。internal/",
        "http://%6detadata.google.internal/",
        "http://metadata/",
        "http://metadata.azure.internal/",
        "http://instance-data.ec2.internal/",
    ] {
        let result = guarded().send(get_request(url), &granted).await;
        assert!(
            matches!(result, Err(NetError::Forbidden { .. })),
            "{url} must be forbidden: {result:?}"
        );
    }
    let user = guarded()
        .send(get_request("http://a@169.254.169.254/"), &granted)
        .await;
    assert!(matches!(user, Err(NetError::InvalidUrl(_))));
}

#[tokio::test]
async fn a_granted_name_that_leads_inside_is_refused_without_a_connection() {
    let (port, connections) = counting().await;
    let home = Arc::new(Home(AtomicUsize::new(0)));
    let guarded = Guarded::new(Arc::clone(&home) as Arc<dyn Lookup>);
    let granted = GrantedHosts::new(&[format!("api.example.com:{port}")]);
    let url = format!("http://api.example.com:{port}/");
    let error = guarded.send(get_request(url), &granted).await.unwrap_err();
    assert!(
        matches!(error, NetError::NameLeadsInside { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
    assert_eq!(
        home.0.load(Ordering::SeqCst),
        1,
        "the name was resolved once"
    );
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_loopback_address_granted_with_its_port_works() {
    let port = serve(Router::new().route("/", get(|| async { "hello" }))).await;
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://127.1:{port}"),
    ] {
        let response = guarded()
            .send(get_request(url), &local(&[port]))
            .await
            .unwrap();
        assert_eq!(response.status, StatusCode::OK);
        assert_eq!(&response.body[..], b"hello");
        assert!(!response.truncated);
    }
}

#[tokio::test]
async fn every_redirect_is_checked_as_the_first_url_was() {
    let (secret, connections) = counting().await;
    let router = Router::new().route(
        "/{kind}",
        get(move |Path(kind): Path<String>| async move {
            let to = match kind.as_str() {
                "private" => format!("http://127.0.0.1:{secret}/"),
                "decimal" => format!("http://2130706433:{secret}/"),
                "mapped" => format!("http://[::ffff:127.0.0.1]:{secret}/"),
                "scheme-relative" => format!("//127.0.0.1:{secret}/"),
                "name" => format!("http://inside.example.com:{secret}/"),
                "ungranted" => "https://evil.example.org/".into(),
                "metadata" => "http://169.254.169.254/".into(),
                "file" => "file:///etc/passwd".into(),
                "user" => format!("http://user@127.0.0.1:{secret}/"),
                _ => "http://[broken/".to_owned(),
            };
            (StatusCode::FOUND, [(header::LOCATION, to)])
        }),
    );
    let port = serve(router).await;
    let granted = GrantedHosts::new(&[
        format!("127.0.0.1:{port}"),
        format!("inside.example.com:{secret}"),
        "169.254.169.254:80".into(),
    ]);
    for kind in [
        "private",
        "decimal",
        "mapped",
        "scheme-relative",
        "name",
        "ungranted",
        "metadata",
        "file",
        "user",
        "broken",
    ] {
        let url = format!("http://127.0.0.1:{port}/{kind}");
        let error = guarded()
            .send(get_request(url), &granted)
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                NetError::Redirected { .. } | NetError::NameLeadsInside { .. }
            ),
            "{kind}: {error:?}"
        );
        assert_eq!(connections.load(Ordering::SeqCst), 0, "{kind} connected");
    }
}

/// Answers with the headers and method that arrived.
async fn echo(request: Incoming) -> String {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let mut out = format!("{} {}\n", parts.method, String::from_utf8_lossy(&body));
    for (name, value) in &parts.headers {
        out += &format!("{name}: {}\n", value.to_str().unwrap());
    }
    out
}

#[tokio::test]
async fn secrets_in_headers_do_not_follow_to_another_origin() {
    let other = serve(Router::new().route("/", any(echo))).await;
    let router = Router::new()
        .route("/echo", any(echo))
        .route("/same", any(|| async { Redirect::temporary("/echo") }))
        .route(
            "/other",
            any(move || async move { Redirect::temporary(&format!("http://127.0.0.1:{other}/")) }),
        );
    let port = serve(router).await;
    let send = |path: &str| {
        let mut request = Request::new(Method::POST, format!("http://127.0.0.1:{port}/{path}"));
        for (name, value) in [
            ("authorization", "Bearer one"),
            ("cookie", "two"),
            ("x-api-key", "three"),
            ("accept", "text/plain"),
        ] {
            request.header(name, value).unwrap();
        }
        request.body = Some("body".into());
        async move {
            guarded()
                .send(request, &local(&[port, other]))
                .await
                .unwrap()
        }
    };
    let same = send("same").await;
    let text = String::from_utf8_lossy(&same.body).into_owned();
    for there in ["POST body", "Bearer one", "two", "three"] {
        assert!(text.contains(there), "{text}");
    }
    let away = send("other").await;
    let text = String::from_utf8_lossy(&away.body).into_owned();
    assert_eq!(
        (away.redirects, away.origin),
        (1, format!("http://127.0.0.1:{other}"))
    );
    assert!(
        text.contains("POST body") && text.contains("accept: text/plain"),
        "{text}"
    );
    for gone in ["Bearer", "two", "three", "referer"] {
        assert!(!text.contains(gone), "{text}");
    }
}

#[tokio::test]
async fn a_post_becomes_a_get_where_clients_have_always_done_so() {
    let router = Router::new().route("/echo", any(echo)).route(
        "/{status}",
        any(|Path(status): Path<u16>| async move {
            (
                StatusCode::from_u16(status).unwrap(),
                [(header::LOCATION, "/echo")],
            )
        }),
    );
    let port = serve(router).await;
    for (status, expected) in [
        (301, "GET \n"),
        (302, "GET \n"),
        (303, "GET \n"),
        (307, "POST body\n"),
        (308, "POST body\n"),
    ] {
        let mut request = Request::new(Method::POST, format!("http://127.0.0.1:{port}/{status}"));
        request.body = Some("body".into());
        let response = guarded().send(request, &local(&[port])).await.unwrap();
        let text = String::from_utf8_lossy(&response.body).into_owned();
        assert!(text.starts_with(expected), "{status}: {text}");
    }
}

#[tokio::test]
async fn redirects_end() {
    let router = Router::new().route(
        "/{n}",
        get(|Path(n): Path<u32>| async move {
            if n == 0 {
                "there".into_response()
            } else {
                Redirect::to(&format!("/{}", n - 1)).into_response()
            }
        }),
    );
    let port = serve(router).await;
    let five = guarded()
        .send(
            get_request(format!("http://127.0.0.1:{port}/5")),
            &local(&[port]),
        )
        .await
        .unwrap();
    assert_eq!((five.redirects, &five.body[..]), (5, &b"there"[..]));
    let six = guarded()
        .send(
            get_request(format!("http://127.0.0.1:{port}/6")),
            &local(&[port]),
        )
        .await;
    assert!(
        matches!(six, Err(NetError::TooManyRedirects { .. })),
        "{six:?}"
    );
}

async fn endless() -> Answer {
    let chunks = stream::repeat_with(|| Ok::<_, io::Error>(vec![b'a'; 64 * 1024]));
    Body::from_stream(chunks).into_response()
}

async fn never() -> Answer {
    let chunks = stream::once(async { Ok::<_, io::Error>("begin") }).chain(stream::pending());
    Body::from_stream(chunks).into_response()
}

async fn bomb() -> Answer {
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..16 {
        packed.write_all(&zeros).unwrap();
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_ENCODING, "gzip".parse().unwrap());
    (headers, packed.finish().unwrap()).into_response()
}

#[tokio::test]
async fn a_body_is_kept_to_its_limit_after_decompression() {
    let router = Router::new()
        .route("/endless", get(endless))
        .route("/bomb", get(bomb));
    let port = serve(router).await;
    for path in ["endless", "bomb"] {
        let mut request = get_request(format!("http://127.0.0.1:{port}/{path}"));
        request.timeout = Duration::from_secs(20);
        request.keep = 100_000;
        let response = guarded().send(request, &local(&[port])).await.unwrap();
        assert_eq!(response.body.len(), 100_000, "{path}");
        assert!(response.truncated, "{path}");
    }
}

#[tokio::test]
async fn a_body_that_never_ends_times_out() {
    let port = serve(Router::new().route("/", get(never))).await;
    let mut request = get_request(format!("http://127.0.0.1:{port}/?token=hush"));
    request.timeout = Duration::from_millis(200);
    let error = guarded().send(request, &local(&[port])).await.unwrap_err();
    assert!(matches!(error, NetError::Timeout { .. }), "{error:?}");
    assert!(!error.to_string().contains("hush"), "{error}");
}

#[tokio::test]
async fn errors_hold_neither_path_nor_query() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("http://127.0.0.1:{port}/path-hush?token=hush#hush");
    let error = guarded()
        .send(get_request(url), &local(&[port]))
        .await
        .unwrap_err();
    assert!(matches!(error, NetError::Connect { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    let denied = guarded()
        .send(
            get_request("https://a.example/hush?token=hush"),
            &local(&[]),
        )
        .await
        .unwrap_err();
    assert!(
        !format!("{denied} {denied:?}").contains("hush"),
        "{denied:?}"
    );
}

#[test]
fn headers_of_the_connection_cannot_be_set() {
    let mut request = Request::new(Method::GET, "http://127.0.0.1/");
    for name in [
        "Host",
        "content-length",
        "Transfer-Encoding",
        "proxy-authorization",
        "Accept-Encoding",
    ] {
        assert!(request.header(name, "x").is_err(), "{name}");
    }
    assert!(request.header("x-a", "one\r\nhost: two").is_err());
    assert!(request.header("x a", "b").is_err());
    assert!(request.header("x-a", "b").is_ok());
}
