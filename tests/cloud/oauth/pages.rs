//! Attacks on the pages on which programs and devices are let in.

use super::{ANNA, PASSWORD};
use crate::kit::{Answer, Browser, Cloud, asking};

/// Sends a form as a browser does that is lured into it: with its cookies, and what it says of itself.
async fn lured(
    cloud: &Cloud,
    browser: &Browser<'_>,
    path: &str,
    fields: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Answer {
    let cookies = browser.cookies.iter();
    let cookies: Vec<String> = cookies
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut ask = cloud.post(path).header("cookie", &cookies.join("; "));
    for (name, value) in headers {
        ask = ask.header(name, value);
    }
    ask.form(fields).send().await
}

on_both! {
    async fn no_other_page_lets_a_program_in(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let mut browser = cloud.browser_of(&anna).await;
        browser.open(&asking(&[])).await.is(200);
        let (token, asked) = (browser.token(), browser.hidden("asked"));
        let mut eves = cloud.browser_of(&eve).await;
        eves.open(&asking(&[])).await.is(200);
        let eves_token = eves.token();
        let own = &*cloud.server.config.public_url;
        let begun = cloud.post("/oauth/device-authorization").form(&[("client_id", "slipway-cli")]).send().await.is(200);
        let code = begun.read::<serde_json::Value>()["user_code"].as_str().unwrap().to_owned();
        for (path, fields) in [
            ("/oauth/consent", vec![("asked", &*asked), ("verdict", "allow")]),
            ("/device", vec![("user_code", &*code)]),
            ("/device/answer", vec![("user_code", &*code), ("verdict", "allow")]),
        ] {
            lured(cloud, &browser, path, &fields, &[("origin", own)]).await.is(403);
            for forged in ["", "a", &*eves_token] {
                let mut fields = fields.clone();
                fields.push(("form_token", forged));
                lured(cloud, &browser, path, &fields, &[("origin", own)]).await.is(403);
            }
            let mut fields = fields.clone();
            fields.push(("form_token", &*token));
            for headers in [
                [("origin", "https://evil.example")],
                [("origin", "null")],
                [("origin", "http://127.0.0.1:47110")],
                [("sec-fetch-site", "cross-site")],
                [("sec-fetch-site", "same-site")],
            ] {
                lured(cloud, &browser, path, &fields, &headers).await.is(403);
            }
            // A field twice is none, and one more is not taken.
            let mut twice = fields.clone();
            twice.push(("verdict", "deny"));
            twice.push(("verdict", "allow"));
            lured(cloud, &browser, path, &twice, &[("origin", own)]).await.is(422);
            let mut more = fields.clone();
            more.push(("account", "eve"));
            lured(cloud, &browser, path, &more, &[("origin", own)]).await.is(422);
        }
        // Nothing was let in by all that; looking at the page does not either.
        browser.open("/account").await.is(200);
        assert_eq!(browser.page.matches("Slipway on a computer").count(), 1, "the session of the test's person");
    }

    async fn who_is_signed_out_lets_nothing_in(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        browser.open(&asking(&[])).await.is(200);
        let (page, asked) = (browser.page.clone(), browser.hidden("asked"));
        let mut elsewhere = cloud.browser();
        elsewhere.sign_in(ANNA, PASSWORD).await.is(200);
        elsewhere.open("/account").await.is(200);
        elsewhere.submit("/account/sessions/end-others", &[]).await.is(200);
        browser.page = page;
        let answer = browser.post("/oauth/consent", &[("asked", &asked), ("verdict", "allow")]).await;
        assert!(answer.status == 403 || answer.header("location").starts_with("/sign-in"), "{}", answer.text());
    }

    async fn the_way_back_from_signing_in_stays_here(cloud: &Cloud) {
        cloud.browser().register("Anna", ANNA, PASSWORD).await;
        for evil in ["http://127.0.0.1:47110/callback", "//127.0.0.1:47110/callback", "/\\127.0.0.1:47110/callback", "https://evil.example/oauth/consent"] {
            let next: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
            let mut browser = cloud.browser();
            browser.open(&format!("/sign-in?next={next}")).await.is(200);
            assert_eq!(browser.hidden("next"), "/account");
            let answer = browser.post("/sign-in", &[("email", ANNA), ("password", PASSWORD), ("next", evil)]).await.is(303);
            assert_eq!(answer.header("location"), "/account", "{evil}");
        }
    }

    async fn no_page_is_shown_in_anothers_frame(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let mut browser = cloud.browser_of(&anna).await;
        for path in [&*asking(&[]), "/device", "/oauth/authorize"] {
            let page = browser.open(path).await;
            assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
            assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert_eq!(page.header("cache-control"), "no-store", "{path}");
        }
    }

    async fn what_a_program_says_of_its_device_is_text(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let mut browser = cloud.browser_of(&anna).await;
        let name = "\"><script>alert(1)</script><b>";
        browser.open(&asking(&[("device_name", name)])).await.is(200);
        assert!(!browser.page.contains("<script") && !browser.page.contains("<b>"), "{}", browser.page);
        assert!(browser.page.contains("&lt;script&gt;"));
        let asked = browser.hidden("asked");
        browser.post("/oauth/consent", &[("asked", &asked), ("verdict", "allow")]).await.is(303);
        let begun = cloud.post("/oauth/device-authorization").form(&[("client_id", "slipway-cli"), ("device_name", name)]).send().await.is(200);
        let code = begun.read::<serde_json::Value>()["user_code"].as_str().unwrap().to_owned();
        browser.open("/device").await.is(200);
        browser.post("/device", &[("user_code", &code)]).await.is(200);
        assert!(browser.page.contains("&lt;script&gt;") && !browser.page.contains("<script"), "{}", browser.page);
        browser.open("/device?user_code=%22%3E%3Cscript%3E").await.is(200);
        assert!(!browser.page.contains("<script"));
    }
}
