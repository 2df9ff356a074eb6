//! Programs without a browser: a code on one device, an answer on another.

use serde_json::Value;
use slipway_cloud::tables::accounts;
use slipway_contract::cloud::ProblemCode;

use crate::kit::{Answer, Browser, Cloud, Tokens};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A program that shows a code and asks what became of it.
struct Device<'a> {
    cloud: &'a Cloud,
    code: String,
    user_code: String,
}

impl<'a> Device<'a> {
    async fn begin(cloud: &'a Cloud) -> Self {
        let fields = [
            ("client_id", "slipway-cli"),
            ("device_name", "build server"),
        ];
        let answer = cloud
            .post("/oauth/device-authorization")
            .form(&fields)
            .send()
            .await
            .is(200);
        let begun: Value = answer.read();
        let text = |name: &str| begun[name].as_str().expect(name).to_owned();
        Self {
            cloud,
            code: text("device_code"),
            user_code: text("user_code"),
        }
    }

    async fn ask(&self) -> Answer {
        let fields = [
            ("client_id", "slipway-cli"),
            ("grant_type", GRANT),
            ("device_code", &*self.code),
        ];
        self.cloud.token(&fields).await
    }
}

/// Types a code and says yes or no.
async fn answer(browser: &mut Browser<'_>, code: &str, verdict: &str) -> Answer {
    browser.open("/device").await.is(200);
    browser
        .submit("/device", &[("user_code", code)])
        .await
        .is(200);
    let code = browser.hidden("user_code");
    browser
        .submit(
            "/device/answer",
            &[("user_code", &*code), ("verdict", verdict)],
        )
        .await
}

on_both! {
    async fn a_device_is_let_in_from_another(cloud: &Cloud) {
        let answered = cloud.post("/oauth/device-authorization").form(&[("client_id", "slipway-cli")]).send().await.is(200);
        assert_eq!(answered.header("cache-control"), "no-store");
        let begun: Value = answered.read();
        let (url, code) = (&cloud.server.config.public_url, begun["user_code"].as_str().unwrap());
        assert_eq!(begun["verification_uri"], format!("{url}/device"));
        assert_eq!(begun["verification_uri_complete"], format!("{url}/device?user_code={code}"));
        assert_eq!((&begun["expires_in"], &begun["interval"]), (&600.into(), &5.into()));
        assert_eq!(begun.as_object().unwrap().len(), 6);

        let anna = cloud.person("anna").await;
        let device = Device::begin(cloud).await;
        device.ask().await.denied("authorization_pending");
        let mut browser = cloud.browser_of(&anna).await;
        browser.open(&format!("/device?user_code={}", device.user_code)).await.is(200);
        assert_eq!(browser.hidden("user_code"), device.user_code, "it is filled in");
        browser.submit("/device", &[("user_code", &device.user_code.to_lowercase().replace('-', " "))]).await.is(200);
        for words in ["The slipway command", "build server", &*device.user_code, &*anna.email, "127.0.0.1", "2026-09-21"] {
            assert!(browser.page.contains(words), "{words}: {}", browser.page);
        }
        // Looking lets nothing in.
        cloud.clock.forward(5);
        device.ask().await.denied("authorization_pending");
        let code = browser.hidden("user_code");
        let page = browser.submit("/device/answer", &[("user_code", &code), ("verdict", "allow")]).await.is(200);
        assert!(page.text().contains("let in"), "{}", page.text());
        cloud.clock.forward(5);
        let tokens = Tokens::of(&device.ask().await);
        let account = cloud.get("/api/v1/account").token(&tokens.access).send().await.is(200);
        assert_eq!(account.read::<Value>()["email"], anna.email);
        let events = cloud.get("/api/v1/account/audit-events?action=session.begun").token(&tokens.access).send().await.is(200);
        assert!(events.text().contains("device code") && events.text().contains("slipway-cli"), "{}", events.text());
        // It is good once, like its person's code; who shows it again has copied it.
        device.ask().await.denied("invalid_grant");
        assert!(!cloud.takes(&tokens.access).await);
        browser.open("/device").await.is(200);
        browser.submit("/device", &[("user_code", &device.user_code)]).await.is(422);
    }

    async fn a_device_that_is_not_let_in_hears_so(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let device = Device::begin(cloud).await;
        let page = answer(&mut cloud.browser_of(&anna).await, &device.user_code, "deny").await.is(200);
        assert!(page.text().contains("not let in"), "{}", page.text());
        device.ask().await.denied("access_denied");
        device.ask().await.denied("invalid_grant");
    }

    async fn who_asks_too_often_waits_longer(cloud: &Cloud) {
        let device = Device::begin(cloud).await;
        device.ask().await.denied("authorization_pending");
        cloud.clock.forward(4);
        device.ask().await.denied("slow_down");
        cloud.clock.forward(9);
        device.ask().await.denied("slow_down");
        cloud.clock.forward(15);
        device.ask().await.denied("authorization_pending");
        cloud.clock.forward(14);
        device.ask().await.denied("slow_down");
    }

    async fn a_code_ends_with_its_time(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let mut browser = cloud.browser_of(&anna).await;
        let (device, late) = (Device::begin(cloud).await, Device::begin(cloud).await);
        cloud.clock.forward(599);
        answer(&mut browser, &device.user_code, "allow").await.is(200);
        browser.open("/device").await.is(200);
        browser.submit("/device", &[("user_code", &late.user_code)]).await.is(200);
        cloud.clock.forward(1);
        browser.submit("/device/answer", &[("user_code", &late.user_code), ("verdict", "allow")]).await.is(422);
        device.ask().await.denied("expired_token");
        late.ask().await.denied("expired_token");
        cloud.clock.forward(2 * 3600);
        slipway_cloud::sweep::sweep(&cloud.server).await.unwrap();
        late.ask().await.denied("invalid_grant");
    }

    async fn a_code_is_the_programs_that_asked(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let device = Device::begin(cloud).await;
        answer(&mut cloud.browser_of(&anna).await, &device.user_code, "allow").await.is(200);
        let other = [("client_id", "slipway-desktop"), ("grant_type", GRANT), ("device_code", &*device.code)];
        cloud.token(&other).await.denied("invalid_grant");
        let typed = [("client_id", "slipway-cli"), ("grant_type", GRANT), ("device_code", &*device.user_code)];
        cloud.token(&typed).await.denied("invalid_grant");
        cloud.token(&[("client_id", "slipway-cli"), ("grant_type", GRANT)]).await.denied("invalid_request");
        let form = format!("client_id=slipway-cli&grant_type={GRANT}&device_code={0}&device_code={0}", device.code);
        cloud.post("/oauth/token").body("application/x-www-form-urlencoded", form).send().await.denied("invalid_request");
        Tokens::of(&device.ask().await);
    }

    async fn what_a_device_sends_wrong_it_hears(cloud: &Cloud) {
        let begin = |fields: &'static [(&str, &str)]| cloud.post("/oauth/device-authorization").form(fields).send();
        begin(&[]).await.denied("invalid_client");
        begin(&[("client_id", "evil")]).await.denied("invalid_client");
        begin(&[("client_id", "slipway-cli"), ("client_id", "slipway-cli")]).await.denied("invalid_request");
        begin(&[("client_id", "slipway-cli"), ("scope", "all")]).await.denied("invalid_scope");
        begin(&[("client_id", "slipway-cli"), ("device_name", "a\r\nb")]).await.denied("invalid_request");
        begin(&[("client_id", "slipway-cli"), ("device_name", "")]).await.is(200);
        cloud.post("/oauth/device-authorization").body("application/json", "{}").send().await.refused(ProblemCode::UnsupportedMediaType);
    }

    async fn who_guesses_codes_is_told_to_wait(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let device = Device::begin(cloud).await;
        let mut eves = cloud.browser_of(&eve).await;
        eves.open("/device").await.is(200);
        for at in 0..20 {
            let wrong = if at % 2 == 0 { "BBBB-BBBB" } else { "no code" };
            eves.submit("/device", &[("user_code", wrong)]).await.is(422);
        }
        eves.open("/device").await.is(200);
        let page = eves.submit("/device", &[("user_code", &device.user_code)]).await.is(429);
        assert!(!page.header("retry-after").is_empty() && page.header("content-type").starts_with("text/html"));
        eves.open("/device").await.is(200);
        eves.submit("/device/answer", &[("user_code", &device.user_code), ("verdict", "allow")]).await.is(429);
        // That stands in nobody else's way, and right ones are not counted.
        let mut browser = cloud.browser_of(&anna).await;
        for _ in 0..25 {
            browser.open("/device").await.is(200);
            browser.submit("/device", &[("user_code", &device.user_code)]).await.is(200);
        }
        cloud.clock.forward(3600);
        eves.open("/device").await;
        assert!(eves.path.starts_with("/confirm"));
    }

    async fn a_device_gets_nothing_for_who_is_suspended_by_then(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let device = Device::begin(cloud).await;
        answer(&mut cloud.browser_of(&anna).await, &device.user_code, "allow").await.is(200);
        accounts::set_suspended(cloud.server.database.read(), anna.id, Some(cloud.server.clock.now())).await.unwrap();
        device.ask().await.denied("invalid_grant");
        // Somebody who is gone takes the answer with them.
        let bert = cloud.person("bert").await;
        let device = Device::begin(cloud).await;
        answer(&mut cloud.browser_of(&bert).await, &device.user_code, "allow").await.is(200);
        accounts::delete(cloud.server.database.read(), bert.id).await.unwrap();
        device.ask().await.denied("invalid_grant");
    }

    async fn one_device_is_let_in_once(cloud: &Cloud) {
        let (anna, bert) = (cloud.person("anna").await, cloud.person("bert").await);
        let device = Device::begin(cloud).await;
        let (mut annas, mut berts) = (cloud.browser_of(&anna).await, cloud.browser_of(&bert).await);
        berts.open("/device").await.is(200);
        berts.submit("/device", &[("user_code", &device.user_code)]).await.is(200);
        answer(&mut annas, &device.user_code, "allow").await.is(200);
        berts.submit("/device/answer", &[("user_code", &device.user_code), ("verdict", "allow")]).await.is(422);
        let tokens = Tokens::of(&device.ask().await);
        let account = cloud.get("/api/v1/account").token(&tokens.access).send().await.is(200);
        assert_eq!(account.read::<Value>()["email"], anna.email);
    }
}
