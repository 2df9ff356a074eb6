//! The first page, and what a browser is told of the host.

use slipway_cloud::config::Hsts;

use crate::kit::{Cloud, Engine};

on_both! {
    async fn who_comes_to_the_first_page_is_led_on(cloud: &Cloud) {
        let page = cloud.get("/").send().await.is(200);
        for path in ["/sign-in", "/register", "/account", "/device", "/api/docs"] {
            assert!(page.text().contains(&format!("href=\"{path}\"")), "{path}");
            let status = cloud.get(path).send().await.status;
            assert!(status < 400, "{path}: {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_binds_no_other_unless_that_is_said() {
    for (hsts, expected) in [
        (None, Some("max-age=63072000")),
        (
            Some(Hsts::Subdomains),
            Some("max-age=63072000; includeSubDomains"),
        ),
        (Some(Hsts::Off), None),
    ] {
        let mut config = Cloud::config();
        config.public_url = "https://cloud.example".to_owned();
        config.hsts = hsts.unwrap_or(config.hsts);
        let cloud = Cloud::start_with(Engine::Sqlite, config).await;
        let answer = cloud.get("/health").send().await.is(204);
        let told = answer.headers.get("strict-transport-security");
        assert_eq!(told.map(|told| told.to_str().unwrap()), expected);
        cloud.stop().await;
    }
}
