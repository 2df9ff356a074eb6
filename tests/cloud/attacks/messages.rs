//! Messages that two programs would read in two ways: request smuggling, and limits of what is read at all.

use slipway_cloud::endpoints;

use crate::kit::{Cloud, Engine};

/// What is smuggled: a request that asks the server to hang up after it.
const SECOND: &str = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

fn post(headers: &str, body: &str) -> String {
    format!("POST /oauth/revoke HTTP/1.1\r\nHost: a\r\n{headers}\r\n{body}")
}

#[tokio::test(flavor = "multi_thread")]
async fn smuggled_requests_are_not_two() {
    let cloud = Cloud::start(Engine::Sqlite).await;
    let two = cloud.raw(format!("GET /health HTTP/1.1\r\nHost: a\r\n\r\n{SECOND}"));
    assert_eq!(two.await.statuses(), [204, 204], "two that are two");
    for (what, headers, body) in [
        (
            "length, then chunks",
            "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n",
        ),
        (
            "chunks, then length",
            "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
            "0\r\n\r\n",
        ),
        (
            "two lengths",
            "Content-Length: 0\r\nContent-Length: 5\r\n",
            "",
        ),
        ("two lengths in one", "Content-Length: 0, 5\r\n", ""),
        ("a length with a sign", "Content-Length: +0\r\n", ""),
        ("a negative length", "Content-Length: -1\r\n", ""),
        ("a length in hex", "Content-Length: 0x0\r\n", ""),
        (
            "a length that overflows",
            "Content-Length: 18446744073709551616\r\n",
            "",
        ),
        (
            "chunks that are none",
            "Transfer-Encoding: xchunked\r\n",
            "",
        ),
        (
            "chunks under something else",
            "Transfer-Encoding: chunked, identity\r\n",
            "",
        ),
        (
            "chunks before a space",
            "Transfer-Encoding : chunked\r\n",
            "0\r\n\r\n",
        ),
        (
            "chunks after a line that goes on",
            "A: b\r\n Transfer-Encoding: chunked\r\n",
            "0\r\n\r\n",
        ),
        ("a name with a line break", "A\rContent-Length: 0\r\n", ""),
        ("a value with U+0000", "A: b\0c\r\n", ""),
        ("a name that is none", "A(: b\r\n", ""),
        (
            "a chunk of no size",
            "Transfer-Encoding: chunked\r\n",
            "x\r\n\r\n",
        ),
        (
            "a chunk with a size that overflows",
            "Transfer-Encoding: chunked\r\n",
            "10000000000000000\r\n\r\n",
        ),
        (
            "a chunk with a sign",
            "Transfer-Encoding: chunked\r\n",
            "-1\r\n\r\n",
        ),
        (
            "a chunk longer than its size",
            "Transfer-Encoding: chunked\r\n",
            "1\r\nab\r\n0\r\n\r\n",
        ),
    ] {
        let sent = post(headers, body) + SECOND;
        let status = cloud.raw(sent).await.status();
        assert!((400..500).contains(&status), "{what}: {status}");
    }
    let old = "POST /oauth/revoke HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert_eq!(cloud.raw(format!("{old}{SECOND}")).await.status(), 400);
    // Of another protocol.
    for sent in [
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /health HTTP/3.0\r\n\r\n",
        "GET /health\r\n\r\n",
        "\x16\x03\x01\x02\r\n\r\n",
    ] {
        let back = cloud.raw(sent).await;
        assert!(
            back.statuses()
                .iter()
                .all(|status| (400..500).contains(status) || *status == 505),
            "{sent:?}: {back:?}"
        );
    }
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_is_not_read() {
    let cloud = Cloud::start(Engine::Sqlite).await;
    let get = |path: &str, headers: &str| {
        cloud.raw(format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n"
        ))
    };
    assert_eq!(get("/health", "").await.status(), 204);
    let long = "a".repeat(60_000);
    assert_eq!(get(&format!("/{long}"), "").await.status(), 404);
    assert_eq!(get(&format!("/{long}{long}"), "").await.status(), 431);
    assert_eq!(get("/health", &"A: b\r\n".repeat(200)).await.status(), 431);
    assert_eq!(
        get("/health", &format!("A: {}\r\n", long.repeat(10)))
            .await
            .status(),
        431
    );
    // Who sends much more than is taken hears so, whatever is on its way still.
    for _ in 0..20 {
        let body = vec![b'a'; 8 << 20];
        let ask = cloud.post("/oauth/revoke");
        ask.body("application/x-www-form-urlencoded", body)
            .send()
            .await
            .is(413);
    }
    // In pieces, with nothing that says how much there will be.
    let anna = cloud.person("anna").await;
    let chunk = format!("8000\r\n{}\r\n", " ".repeat(0x8000));
    let sent = format!(
        "POST /api/v1/organizations HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n",
        anna.access,
        chunk.repeat(9)
    );
    let back = cloud.raw(sent).await;
    assert_eq!(back.status(), 413, "{back:?}");
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_that_nothing_takes_do_nothing() {
    let cloud = Cloud::start(Engine::Sqlite).await;
    let anna = cloud.person("anna").await;
    let account = "/api/v1/account";
    for method in [
        "TRACE", "TRACK", "CONNECT", "PROPFIND", "DELETE", "POST", "get", "Get", "SLIPWAY",
    ] {
        let sent = format!(
            "{method} {account} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {}\r\nX-Secret: echo\r\nContent-Length: 0\r\n\r\n",
            anna.access
        );
        let back = cloud.raw(sent).await;
        assert!((400..500).contains(&back.status()), "{method}: {back:?}");
        assert!(
            !back.0.contains("echo") && !back.0.contains(&anna.email),
            "{method}: {back:?}"
        );
    }
    for target in ["*", "evil.example:443", "http://evil.example", "x"] {
        for method in ["OPTIONS", "CONNECT", "GET"] {
            let back = cloud
                .raw(format!(
                    "{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                ))
                .await;
            // The last is the first page, whose host is ours whatever is asked for.
            let is_page = method == "GET" && target == "http://evil.example";
            assert!(
                (400..500).contains(&back.status()) || is_page && back.status() == 200,
                "{method} {target}: {back:?}"
            );
            assert!(
                !back.0.contains("evil.example"),
                "{method} {target}: {back:?}"
            );
        }
    }
    // A header says nothing of the method.
    for header in [
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
    ] {
        cloud
            .get(account)
            .by(&anna)
            .header(header, "DELETE")
            .send()
            .await
            .is(200);
        cloud
            .post("/api/v1/account/sessions?_method=DELETE")
            .by(&anna)
            .header(header, "DELETE")
            .send()
            .await
            .is(405);
    }
    cloud.get(account).by(&anna).send().await.is(200);
    let head = cloud.ask(reqwest::Method::HEAD, account);
    assert!(head.by(&anna).send().await.is(200).body.is_empty());
    cloud
        .ask(reqwest::Method::HEAD, account)
        .send()
        .await
        .is(401);
    // Who is told that a method is none is told which there are (RFC 9110, section 15.5.6).
    for route in endpoints::listed() {
        let path = route.path.replace(['{', '}'], "");
        let answer = cloud
            .ask(reqwest::Method::TRACE, &path)
            .send()
            .await
            .is(405);
        assert!(
            answer.header("allow").contains(route.method),
            "{path}: {answer:?}"
        );
    }
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_for_one_host() {
    let cloud = Cloud::start(Engine::Sqlite).await;
    for (hosts, status) in [
        ("Host: a\r\n", 204),
        ("Host: [::1]:7320\r\n", 204),
        ("", 400),
        ("Host: a\r\nHost: a\r\n", 400),
        ("Host: a\r\nHost: b\r\n", 400),
        ("Host: \r\n", 400),
        ("Host: a b\r\n", 400),
        ("Host: a/b\r\n", 400),
        ("Host: a, b\r\n", 400),
        ("Host: \u{e9}\r\n", 400),
    ] {
        let sent = format!("GET /health HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        assert_eq!(cloud.raw(sent).await.status(), status, "{hosts:?}");
    }
    let probe = cloud.raw("GET /health HTTP/1.0\r\n\r\n").await;
    assert!(probe.0.starts_with("HTTP/1.0 204"), "{probe:?}");
    cloud.stop().await;
}
