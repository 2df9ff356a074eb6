//! Keys stand nowhere in what is kept, in whichever header they went and wherever they came back.

use super::*;
use crate::canary::{Search, every_file};

/// As long as keys are, and nowhere else.
fn key(of: &str) -> String {
    format!("{of}-canary/+1f0e9d8c7b6a5948372615049f8e7d6c")
}

/// Answers that give the key back: in a body, in a query, in headers.
fn echoes(key: &str) -> Vec<Reply> {
    let query = format!("http://127.0.0.1:1/v1?key={key}&access_token={key}");
    let complaint = json!({"error": {"message": format!("asked with {query}")}});
    vec![
        Reply::error(500, &complaint)
            .header("x-request-id", key)
            .header("x-sent", &format!("Bearer {key}"))
            .header("location", &query)
            .header("retry-after", "0"),
        Reply::from(Answer::text("Done."))
            .header("set-cookie", &format!("session={key}"))
            .header("x-echo", key),
    ]
}

#[test]
fn no_key_is_kept_whatever_header_carries_it() {
    let own = key("gw");
    for (model_name, variables) in [
        ("openai/gpt-5-mini", ["OPENAI_API_KEY", "OPENAI_BASE_URL"]),
        (
            "anthropic/claude-haiku-4-5",
            ["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"],
        ),
        (
            "google/gemini-3.5-flash",
            ["GOOGLE_API_KEY", "GOOGLE_BASE_URL"],
        ),
        ("gateway/large", ["GATEWAY_KEY", "GATEWAY_BASE_URL"]),
    ] {
        let server = model(echoes(&own));
        let base = match model_name.starts_with("google") {
            true => format!("http://{}", server.address()),
            false => server.base_url().to_string(),
        };
        let [key_name, base_name] = variables;
        let desk = Desk::new()
            .variable(key_name, own.as_str())
            .variable(base_name, base);
        std::fs::create_dir_all(desk.home()).unwrap();
        let gateway = "[[provider]]\nid = \"gateway\"\nbase_variable = \"GATEWAY_BASE_URL\"\nkeys = [\"GATEWAY_KEY\"]\nkey_header = \"x-gateway-key\"\n";
        std::fs::write(desk.home().join("providers.toml"), gateway).unwrap();
        let run = desk
            .slipway([
                "run",
                Agent::clerk().at(&desk),
                "--json",
                "--model",
                model_name,
            ])
            .exits(0)
            .run();
        let requests = server.requests();
        assert_eq!(requests.len(), 2, "{model_name}");
        for request in &requests {
            let mut sent = request
                .headers
                .values()
                .filter_map(|sent| sent.to_str().ok());
            assert!(
                sent.any(|sent| sent.contains(&own)),
                "{model_name} is sent its key"
            );
        }

        let search = Search::new(vec![("a key", own.clone())]);
        let mut shown = Vec::new();
        for attempt in ["1", "2"] {
            let one = ["runs", "wire", &run, "--step", "1", "--attempt", attempt];
            shown.extend(desk.slipway(one).exits(0).stdout.into_bytes());
            for way in ["--json", "--curl", "--response", "--request"] {
                let ran = desk.slipway(one.iter().chain([&way])).exits(0);
                shown.extend(ran.stdout.into_bytes());
            }
        }
        let text = String::from_utf8_lossy(&shown);
        assert!(
            text.contains("asked with http"),
            "the answer is there: {text}"
        );
        assert!(text.contains(&format!("${key_name}")), "{text}");
        let mut found = search.within("runs wire", &shown);
        every_file(&desk.home().join("wire"), &mut |path, bytes| {
            found.extend(search.within(&path.display().to_string(), bytes));
        });
        assert!(found.is_empty(), "{model_name}: {found:#?}");
    }
}
