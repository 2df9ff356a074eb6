//! Queries that no link of ours has, on every page and every list.

use reqwest::Method;
use slipway_cloud::{endpoints, pages};

use crate::kit::Cloud;

/// Values that a parser, a database or a redirect may stumble over.
const ODD: [&str; 12] = [
    "%00",
    "%ff%fe",
    "%c3%28",
    "%0d%0aSet-Cookie:a=b",
    "%27%20or%201=1--",
    "https://evil.example",
    "//evil.example",
    "/%5Cevil.example",
    "/%09/evil.example",
    "javascript:alert(1)",
    "%3Cscript%3E",
    "99999999999999999999",
];

/// What pages and lists take.
const NAMES: [&str; 17] = [
    "next",
    "ticket",
    "user_code",
    "code",
    "state",
    "error",
    "client_id",
    "redirect_uri",
    "response_type",
    "request",
    "scope",
    "limit",
    "after",
    "action",
    "from",
    "until",
    "access_token",
];

fn queries() -> Vec<String> {
    let mut queries = vec![
        "=&&&=".to_owned(),
        "next".to_owned(),
        "limit=1&limit=2".to_owned(),
        "a".repeat(8000),
    ];
    for odd in ODD {
        queries.extend(NAMES.map(|name| format!("{name}={odd}")));
        queries.push(NAMES.map(|name| format!("{name}={odd}")).join("&"));
    }
    queries
}

/// Whether an answer sends a browser only to where this server itself sends one.
fn stays(cloud: &Cloud, location: &str) -> bool {
    let own = &cloud.server.config.public_url;
    let is_path = location.starts_with('/') && !location.starts_with("//");
    let to = location.split(['?', '#']).next().unwrap_or_default();
    let is_ours = is_path || to.starts_with(own.as_str()) || to.starts_with(&cloud.elsewhere.url);
    location.is_empty() || is_ours && !to.contains(['\\', '\t', '\r', '\n'])
}

on_both! {
    async fn no_query_breaks_a_page_or_leads_away(cloud: &Cloud) {
        let mut anna = cloud.browser();
        anna.register("Anna", "anna@example.com", "a hull on its slope").await;
        let cookies: Vec<String> = anna.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        for page in pages::routes().into_iter().filter(|page| page.method == Method::GET) {
            let path = page.path.replace(['{', '}'], "");
            for query in queries() {
                for cookie in ["", &cookies] {
                    let ask = cloud.get(&format!("{path}?{query}")).header("cookie", cookie).header("accept", "text/html");
                    let answer = ask.send().await;
                    assert!(answer.status < 500 && answer.leak().is_none(), "{path}?{query}: {answer:?}");
                    assert!(stays(cloud, &answer.header("location")), "{path}?{query}: {answer:?}");
                    assert!(!answer.text().contains("<script>") && !answer.text().contains("href=\"javascript:"), "{path}?{query}");
                    let sets_it = answer.headers.get_all("set-cookie").iter().any(|set| set.as_bytes().starts_with(b"a="));
                    assert!(!sets_it, "{path}?{query}");
                }
            }
        }
        assert!(anna.is_in().await);
    }

    async fn no_query_breaks_a_list(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        let lists = endpoints::listed().into_iter().filter(|route| route.method == "GET" && !route.path.contains("{content_hash}"));
        for route in lists {
            let path = route.path.replace("{organization}", &harbour.id.to_string()).replace("{account}", &anna.id.to_string());
            for query in queries() {
                let answer = cloud.get(&format!("{path}?{query}")).by(&anna).send().await;
                assert!(answer.status < 500 && answer.leak().is_none(), "{path}?{query}: {answer:?}");
            }
        }
    }
}
