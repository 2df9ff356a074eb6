//! Pages of other sites: a browser gets nothing for them, whatever they ask (CORS).

use reqwest::Method;
use slipway_cloud::{endpoints, pages};

use crate::kit::Answer;

const ELSEWHERE: &str = "https://evil.example";

/// Every route and page, with a word where an id goes.
fn all() -> Vec<(Method, String)> {
    let routes = endpoints::listed().into_iter();
    let routes = routes.map(|route| (route.method.parse().expect("a method"), route.path));
    let pages = pages::routes().into_iter();
    let pages = pages.map(|page| (page.method, page.path.to_owned()));
    let more = ["/api/docs/", "/api/v1/openapi.json", "/nowhere"];
    let more = more.map(|path| (Method::GET, path.to_owned()));
    let all = routes.chain(pages).chain(more);
    all.map(|(method, path)| (method, path.replace(['{', '}'], "")))
        .collect()
}

fn shares(answer: &Answer) -> bool {
    let mut names = answer.headers.keys();
    names.any(|name| name.as_str().starts_with("access-control-") || name == "timing-allow-origin")
}

on_both! {
    async fn no_other_origin_is_let_in(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        for (method, path) in all() {
            for origin in [ELSEWHERE, "null", &*cloud.server.config.public_url] {
                let asked = cloud.ask(method.clone(), &path).by(&anna).header("origin", origin).send().await;
                assert!(asked.status < 500 && !shares(&asked), "{method} {path} for {origin}: {asked:?}");
            }
            let before = cloud.ask(Method::OPTIONS, &path).header("origin", ELSEWHERE)
                .header("access-control-request-method", method.as_str())
                .header("access-control-request-headers", "authorization")
                .header("access-control-request-private-network", "true");
            let before = before.send().await;
            assert!([404, 405].contains(&before.status) && !shares(&before), "{method} {path}: {before:?}");
        }
    }

    async fn every_answer_says_what_a_browser_may_do_with_it(cloud: &Cloud) {
        for (method, path) in all() {
            let answer = cloud.ask(method.clone(), &path).header("accept", "text/html").send().await;
            assert_eq!(answer.leak(), None, "{method} {path}: {answer:?}");
            for (name, value) in [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY")] {
                assert_eq!(answer.header(name), value, "{method} {path}: {answer:?}");
            }
            let referrer = answer.header("referrer-policy");
            assert!(["no-referrer", "same-origin"].contains(&&*referrer), "{method} {path}: {referrer}");
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{method} {path}: {policy}");
            assert!(!policy.contains("script-src 'unsafe-inline'") && !policy.contains("unsafe-eval"), "{method} {path}: {policy}");
            assert!(!["server", "x-powered-by"].iter().any(|name| answer.headers.contains_key(*name)), "{method} {path}: {answer:?}");
        }
    }
}
