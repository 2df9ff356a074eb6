//! What pages say to browsers, and forms that are not ours.

use super::PASSWORD;

const ANNA: &str = "anna@example.com";

on_both! {
    async fn pages_let_nothing_in_and_are_not_kept(cloud: &Cloud) {
        let answer = cloud.get("/sign-in").header("accept", "text/html").send().await.is(200);
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self' http://127.0.0.1"] {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert!(!answer.text().contains("<script"));
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("slipway-visit=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
        // What a page loads is there, for good, and gives nobody a cookie.
        let page = answer.text();
        let sheet = page.split('"').find(|part| part.ends_with(".css")).expect("a style sheet");
        let sheet = cloud.get(sheet).send().await.is(200);
        assert!(sheet.header("cache-control").contains("immutable") && sheet.header("set-cookie").is_empty());
        cloud.get("/assets/slipway-0.css").send().await.is(404);
    }

    async fn passwords_are_masked_and_filled_in_by_whatever_keeps_them(cloud: &Cloud) {
        let mut browser = cloud.browser();
        let fields = |page: &str| -> Vec<String> {
            let inputs = page.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap().to_owned());
            inputs.filter(|input| input.contains("password\"") || input.contains("\"present\"")).collect()
        };
        browser.open("/sign-in").await.is(200);
        let asked = fields(&browser.page);
        browser.register("Anna", ANNA, PASSWORD).await;
        browser.open("/account/password").await.is(200);
        let chosen = fields(&browser.page);
        assert_eq!((asked.len(), chosen.len()), (1, 2), "{asked:?} {chosen:?}");
        for input in asked.iter().chain(&chosen) {
            assert!(input.contains("type=\"password\"") && input.contains("-password\""), "{input}");
            assert!(!input.contains("onpaste") && !input.contains("autocomplete=\"off\""), "{input}");
        }
        // Signing out is one press away from every page.
        for path in ["/account", "/account/password", "/account/email", "/account/delete", "/device"] {
            browser.open(path).await.is(200);
            assert!(browser.page.contains("<a href=\"/account\" class=\"brand\">"), "{path}: {}", browser.page);
        }
        browser.open("/account").await.is(200);
        assert!(browser.page.contains("action=\"/sign-out\""));
    }

    async fn a_browser_gets_a_page_where_nothing_is(cloud: &Cloud) {
        let page = cloud.get("/nowhere").header("accept", "text/html").send().await.is(404);
        assert!(page.header("content-type").starts_with("text/html"));
        let problem = cloud.get("/nowhere").send().await.is(404);
        assert_eq!(problem.header("content-type"), "application/problem+json");
        let api = cloud.get("/api/v1/nowhere").header("accept", "text/html").send().await.is(404);
        assert_eq!(api.header("content-type"), "application/problem+json");
    }

    async fn a_form_of_another_site_is_refused(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        browser.open("/account").await.is(200);
        let token = browser.token();
        let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let send = |token: Option<&str>, headers: &[(&str, &str)]| {
            let mut ask = cloud.post("/account/name").header("cookie", &cookies);
            for (name, value) in headers {
                ask = ask.header(name, value);
            }
            let mut fields = vec![("name", "Eve")];
            fields.extend(token.map(|token| ("form_token", token)));
            ask.form(&fields).send()
        };
        let own = cloud.server.config.public_url.clone();
        send(None, &[("origin", &own)]).await.is(403);
        send(Some(""), &[("origin", &own)]).await.is(403);
        let mut other = cloud.browser();
        other.open("/sign-in").await.is(200);
        send(Some(&other.token()), &[("origin", &own)]).await.is(403);
        for headers in [
            [("origin", "https://evil.example")],
            [("origin", "null")],
            [("sec-fetch-site", "cross-site")],
            [("sec-fetch-site", "same-site")],
            [("sec-fetch-site", "none")],
        ] {
            let page = send(Some(&token), &headers).await.is(403);
            assert!(page.header("content-type").starts_with("text/html"), "{headers:?}");
        }
        browser.open("/account").await.is(200);
        assert!(!browser.page.contains("Eve"));
        // From the page itself it is taken, also where a browser says nothing of where it comes from.
        send(Some(&token), &[]).await.is(303);
        browser.open("/account").await.is(200);
        assert!(browser.page.contains("value=\"Eve\""));
    }

    async fn a_wrong_field_says_so_and_has_the_focus(cloud: &Cloud) {
        let mut browser = cloud.browser();
        let marks = "aria-invalid=\"true\" aria-describedby=\"wrong\" autofocus";
        let field = |page: &str, name: &str| {
            let mut fields = page.split("<input").filter(|field| field.contains(&format!("name=\"{name}\"")));
            fields.next().expect("a field").split('>').next().expect("its end").to_owned()
        };
        for path in ["/register", "/forgot"] {
            browser.open(path).await.is(200);
            assert!(!browser.page.contains("aria-invalid"));
            browser.post(path, &[("email", "no address")]).await.is(422);
            assert!(field(&browser.page, "email").contains(marks) && browser.page.contains("id=\"wrong\""), "{}", browser.page);
        }
        browser.register("Anna", ANNA, PASSWORD).await;
        browser.post("/account/name", &[("name", "")]).await.is(422);
        assert!(field(&browser.page, "name").contains(marks));
        browser.open("/account/password").await.is(200);
        browser.post("/account/password", &[("present", "a wrong one"), ("password", "a slope under a hull")]).await.is(422);
        assert!(field(&browser.page, "present").contains(marks) && !field(&browser.page, "password").contains(marks));
        browser.post("/account/password", &[("present", PASSWORD), ("password", "short")]).await.is(422);
        assert!(field(&browser.page, "password").contains(marks) && !field(&browser.page, "present").contains(marks));
        browser.open("/account/delete").await.is(200);
        browser.post("/account/delete", &[("email", "eve@example.com")]).await.is(422);
        assert!(field(&browser.page, "email").contains(marks));
        browser.open("/device").await.is(200);
        browser.post("/device", &[("user_code", "BCDF-GHJK")]).await.is(422);
        assert!(field(&browser.page, "user_code").contains(marks));
        let mut other = cloud.browser();
        other.sign_in(ANNA, "a wrong password").await.is(422);
        assert!(field(&other.page, "password").contains(marks) && field(&other.page, "email").contains(ANNA));
    }

    async fn a_form_of_before_is_not_good_after_signing_in(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let mut other = cloud.browser();
        other.open("/sign-in").await.is(200);
        let before = other.page.clone();
        other.sign_in(ANNA, PASSWORD).await.is(200);
        other.page = before;
        other.post("/account/name", &[("name", "Eve")]).await.is(403);
        // Nor without the cookie that it is bound to.
        other.open("/account").await.is(200);
        other.cookies.remove("slipway-visit");
        other.post("/account/name", &[("name", "Eve")]).await.is(403);
    }

    async fn what_is_no_form_is_refused(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.open("/sign-in").await.is(200);
        let token = browser.token();
        let cookie = format!("slipway-visit={}", browser.cookies["slipway-visit"]);
        let send = |kind: &'static str, body: String| cloud.post("/sign-in").header("cookie", &cookie).body(kind, body).send();
        let form = "application/x-www-form-urlencoded";
        send("application/json", "{}".to_owned()).await.is(415);
        send("text/plain", format!("form_token={token}")).await.is(415);
        send(form, format!("form_token={token}&email=a%00&password=b")).await.is(400);
        send(form, format!("form_token={token}&email=a%ff&password=b")).await.is(400);
        send(form, format!("form_token={token}&email=a&email=b&password=b")).await.is(422);
        send(form, format!("form_token={token}&email=a&password=b&is_operator=true")).await.is(422);
        send(form, format!("form_token={token}&email=a")).await.is(422);
        send(form, format!("form_token={token}&email=a&password={}", "x".repeat(70_000))).await.is(413);
        // A cookie that came twice is none: one of the two was put there by somebody else.
        let twice = format!("{cookie}; slipway-visit={}", "a".repeat(43));
        let fields = [("form_token", &*token), ("email", "a"), ("password", "b")];
        cloud.post("/sign-in").header("cookie", &twice).form(&fields).send().await.is(403);
    }

    async fn what_somebody_typed_is_text(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("<script>alert(1)</script>", ANNA, PASSWORD).await;
        browser.open("/account").await.is(200);
        assert!(!browser.page.contains("<script>alert"));
        assert!(browser.page.contains("&lt;script&gt;alert"));
        browser.open("/sign-in?next=%2F%22%3E%3Cb%3E").await.is(200);
        assert!(!browser.page.contains("\"><b>"));
    }
}
