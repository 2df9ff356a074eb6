//! `slipway models`.

use serde_json::json;

#[cfg(unix)]
use crate::kit::until_asked;
use crate::kit::{Agent, Answer, Desk, Reply, model};

#[test]
fn what_needs_something_first_takes_a_line_for_each_provider() {
    let desk = Desk::new();
    let ran = desk.slipway(["models"]).exits(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    for provider in ["openai", "anthropic", "google"] {
        let of: Vec<&&str> = lines
            .iter()
            .filter(|line| line.starts_with(&format!("{provider} ")))
            .collect();
        assert_eq!(of.len(), 1, "{provider}: {}", ran.stdout);
        assert!(of[0].contains("_API_KEY"), "{}", of[0]);
    }
    desk.slipway(["models", "list", "--all"])
        .exits(0)
        .says("openai/gpt-5-mini");
    desk.slipway(["models", "list", "openai"])
        .exits(0)
        .says("openai/gpt-5-mini")
        .says("tools");
}

#[test]
fn a_wrong_provider_is_told_with_those_that_there_are() {
    let desk = Desk::new();
    desk.slipway(["models", "list", "opnai"])
        .exits(2)
        .complains("no provider \"opnai\"")
        .complains("Did you mean \"openai\"?")
        .complains("anthropic, ");
    for what in ["opnai", "opnai/gpt-5-mini", "recording/may"] {
        desk.slipway(["models", "test", what]).exits(2);
    }
    desk.slipway(["models", "list", "openai", "--online"])
        .exits(2)
        .complains("OPENAI_API_KEY");
    desk.slipway(["models", "prices", "nobody/nothing"])
        .exits(2)
        .complains("no price is known");
}

#[test]
fn a_provider_lists_its_models_and_takes_its_key() {
    let server = model([] as [Answer; 0]).with_models(&["gpt-of-today", "gpt-5-mini"]);
    let desk = Desk::with_model(&server);
    desk.slipway(["models", "list", "openai", "--online"])
        .exits(0)
        .says("openai/gpt-of-today")
        .says("openai/gpt-5-mini");
    desk.slipway(["models", "test", "openai"])
        .exits(0)
        .says("openai  works, ")
        .says("2 models");
    let ran = desk
        .slipway(["models", "test", "openai", "--json"])
        .exits(0);
    let told = &ran.objects()[0];
    assert_eq!((&told["works"], &told["models"]), (&json!(true), &json!(2)));
    assert!(server.requests().is_empty(), "no model was asked");
}

#[test]
fn what_does_not_work_says_why_and_what_to_do() {
    let desk = Desk::new();
    desk.slipway(["models", "test", "anthropic"])
        .exits(1)
        .says("does not work")
        .says("slipway secrets set ANTHROPIC_API_KEY");
    let told = desk
        .slipway(["models", "test", "anthropic", "--json"])
        .exits(1)
        .objects();
    assert_eq!(told[0]["failure"], "no_key", "{told:?}");
    let gone = Desk::new()
        .variable("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
        .variable("OPENAI_API_KEY", "sk-scripted-key-of-a-test");
    let ran = gone.slipway(["models", "test", "openai"]).exits(1);
    assert!(
        ran.stdout.contains("could not be connected to"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("sk-scripted"), "{}", ran.stdout);
}

#[test]
fn a_model_is_tested_by_a_run_that_counts() {
    let server = model([Answer::text("ready").usage(30, 2, 0)]);
    let desk = Desk::with_model(&server);
    desk.slipway(["budgets", "set", "1.00/day"]).exits(0);
    desk.slipway(["models", "test", "openai/gpt-5-mini"])
        .exits(0)
        .says("openai/gpt-5-mini  works, ")
        .says("30 + 2 tokens");
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0);
    assert_eq!(runs.objects()[0]["agent"], "model-test");
    let budgets = desk.slipway(["budgets", "--json"]).exits(0);
    assert_ne!(budgets.objects()[0]["spent_usd"], "0", "{}", budgets.stdout);
    let agents = desk.slipway(["agents", "list", "--json"]).exits(0);
    assert_eq!(agents.stdout, "", "a test is no agent of the person's");
}

#[test]
fn a_model_that_is_refused_says_so() {
    let refused = json!({"error": {"message": "no such model", "code": "model_not_found"}});
    let server = model([Reply::error(404, &refused)]);
    let desk = Desk::with_model(&server);
    desk.slipway(["models", "test", "openai/gpt-nowhere"])
        .exits(1)
        .says("does not work")
        .says("gpt-nowhere");
}

#[test]
fn prices_have_their_day_and_their_source() {
    let desk = Desk::new();
    desk.slipway(["models", "prices", "openai/gpt-5-mini"])
        .exits(0)
        .says("AS OF")
        .says("0.25")
        .says("0.025");
    let ran = desk
        .slipway(["models", "prices", "anthropic", "--json"])
        .exits(0);
    for entry in ran.objects() {
        assert!(entry["price"]["cache_write"].is_string(), "{entry}");
        assert!(entry["price_source"].as_str().unwrap().contains("https://"));
    }
}

fn own(desk: &Desk, file: &str, text: &str) {
    std::fs::create_dir_all(desk.home()).unwrap();
    std::fs::write(desk.home().join(file), text).unwrap();
}

#[test]
fn a_provider_without_a_table_is_listed_and_asked() {
    let server = model([] as [Answer; 0]).with_models(&["qwen3"]);
    let desk = Desk::new();
    let text = format!(
        "[[provider]]\nid = \"lab\"\ntitle = \"The lab\"\nbase_url = \"{}\"\n\n[[provider]]\nid = \"gateway\"\nbase_url = \"https://gateway.example.com/v1\"\nkeys = [\"GATEWAY_KEY\"]\n",
        server.base_url()
    );
    own(&desk, "providers.toml", &text);
    let ran = desk.slipway(["models"]).exits(0);
    for (provider, says) in [
        ("lab ", "The lab"),
        ("gateway ", "GATEWAY_KEY"),
        ("azure ", "AZURE_OPENAI_ENDPOINT"),
    ] {
        let line = ran.stdout.lines().find(|line| line.starts_with(provider));
        let line = line.unwrap_or_else(|| panic!("{provider}: {}", ran.stdout));
        assert!(line.contains(says), "{line}");
    }
    let objects = desk.slipway(["models", "--json"]).exits(0).objects();
    assert!(objects.iter().any(|object| object["id"] == "gateway"));
    desk.slipway(["models", "list", "lab"])
        .exits(0)
        .says("lab/qwen3");
    desk.slipway(["models", "list", "gateway"])
        .exits(2)
        .complains("GATEWAY_KEY");
    assert!(server.requests().is_empty(), "no model was asked");
}

#[test]
fn at_another_address_openai_has_what_is_served_there() {
    let server = model([] as [Answer; 0]).with_models(&["qwen3"]);
    let desk = Desk::with_model(&server);
    desk.slipway(["models", "list", "openai"])
        .exits(0)
        .says("openai/qwen3");
    let ran = desk.slipway(["models", "--json"]).exits(0);
    let of_openai = |object: &serde_json::Value| {
        let name = object["model"].as_str().unwrap_or_default();
        name.starts_with("openai/gpt-")
    };
    assert!(!ran.objects().iter().any(of_openai), "{}", ran.stdout);
}

#[test]
fn a_wrong_file_is_told_beside_the_list() {
    let desk = Desk::new();
    own(
        &desk,
        "providers.toml",
        "[[provider]]\nid = \"lab\"\nbase_ulr = \"x\"\n",
    );
    own(
        &desk,
        "prices.toml",
        "[[price]]\nmodel = \"openai/x\"\nimput = \"1\"\n",
    );
    for list in [&["models"][..], &["models", "list", "anthropic"]] {
        desk.slipway(list)
            .exits(0)
            .complains("providers.toml:3:1")
            .complains("did you mean `base_url`?")
            .complains("prices.toml:3:1");
    }
    desk.slipway(["models", "prices"])
        .exits(2)
        .complains("prices.toml:3:1");
}

#[test]
fn a_named_server_of_this_machine_that_is_silent_is_said() {
    let desk = Desk::new().variable("SLIPWAY_LOCAL_SERVERS", "127.0.0.1:9");
    let says = "SLIPWAY_LOCAL_SERVERS names 127.0.0.1:9, where no model server answers";
    let ran = desk.slipway(["models"]).exits(0).complains(says);
    assert!(!ran.stderr.contains("WARN"), "{}", ran.stderr);
    for list in [
        &["models", "list", "local"][..],
        &["models", "list", "local", "--online"],
    ] {
        desk.slipway(list).exits(2).complains(says);
    }
    desk.slipway(["doctor"]).exits(0).says(says);
}

#[test]
fn a_key_does_not_go_unencrypted_to_another_machine() {
    let desk = Desk::new()
        .variable("GROQ_BASE_URL", "http://192.0.2.1/v1")
        .variable("GROQ_API_KEY", "gsk-scripted-key-of-a-test");
    let tests = [
        &["models", "test", "groq"][..],
        &["models", "test", "groq/x"],
    ];
    for test in tests {
        desk.slipway(test)
            .exits(1)
            .says("unencrypted")
            .says("Use https://");
    }
    desk.slipway(["doctor"])
        .exits(1)
        .says("✗ groq models")
        .says("✓ GROQ_API_KEY: is set");
}

#[test]
fn a_slip_of_the_pen_in_a_models_name_is_told_at_once() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    for flag in ["--model", "--fallback"] {
        desk.slipway(["run", agent, flag, "opnai/x"])
            .exits(2)
            .complains("Did you mean \"openai\"?");
    }
    desk.slipway(["run", agent, "-m", "openai/a,local/b"])
        .exits(2)
        .complains("--model openai/a --model local/b");
    let agent = Agent::clerk()
        .falling_back_to(&["antropic/claude-x"])
        .at(&desk);
    desk.slipway(["validate", agent])
        .exits(0)
        .says("model.fallback names antropic/claude-x")
        .says("Did you mean \"anthropic\"?");
    desk.slipway(["run", agent])
        .exits(0)
        .complains("antropic/claude-x cannot be fallen back to");
}

#[test]
fn a_redirect_is_asked_once_and_told() {
    let refused = json!({"error": {"message": "slow down"}});
    let moved = Reply::error(302, &json!({}));
    let server = model([moved, Reply::error(401, &refused)]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent])
        .exits(1)
        .says("follows no redirect");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_test_with_a_wrong_file_names_its_lines() {
    let server = model([] as [Answer; 0]).with_models(&["gpt-5-mini"]);
    let desk = Desk::with_model(&server);
    own(
        &desk,
        "providers.toml",
        "[[provider]]\nid = \"lab\"\nbase_ulr = \"x\"\n",
    );
    // What could be tested is not known.
    desk.slipway(["models", "test"])
        .exits(2)
        .complains("providers.toml:3:1")
        .complains("did you mean `base_url`?");
    let ran = desk
        .slipway(["models", "test", "openai"])
        .exits(1)
        .says("openai  does not work: ")
        .says("\n  providers.toml:3:1: ")
        .says("\n  Correct what is named");
    let longest = ran.stdout.lines().map(str::len).max();
    assert!(longest < Some(250), "{}", ran.stdout);
    let test = desk
        .slipway(["models", "test", "openai", "--json"])
        .exits(1)
        .objects()
        .remove(0);
    assert_eq!(test["failure"], "address");
    assert!(server.requests().is_empty() && server.visits().is_empty());
}

/// A budget cannot be kept with a model of which nobody knows what it costs: it is not asked.
#[test]
fn a_test_of_a_model_without_a_price_says_what_it_waits_for() {
    let server = model([Answer::text("ready"), Answer::text("ready")]);
    let desk = Desk::with_model(&server);
    desk.slipway(["models", "test", "openai/of-nobody"])
        .exits(0)
        .says("cost unknown");
    desk.slipway(["budgets", "set", "1.00/day"]).exits(0);
    desk.slipway(["models", "test", "openai/of-nobody"])
        .exits(1)
        .says("does not work: nobody knows what openai/of-nobody costs")
        .says("prices.toml")
        .says("slipway runs approve ");
    let trial = desk
        .slipway(["models", "test", "openai/of-nobody", "--json"])
        .exits(1)
        .objects()
        .remove(0);
    assert_eq!(
        (&trial["status"], &trial["parked"]),
        (&json!("parked"), &json!("price"))
    );
    assert_eq!(server.requests().len(), 1, "it was not asked");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_tests_that_nobody_answers() {
    use std::time::Duration;

    let hangs = Reply::from(Answer::text("too late")).after(Duration::from_secs(300));
    let server = model([hangs]);
    let desk = Desk::with_model(&server);
    let running = desk.start(["models", "test", "openai/gpt-5-mini"]);
    until_asked(&server, 1);
    running.signal(rustix::process::Signal::INT);
    running
        .end()
        .exits(130)
        .says("openai/gpt-5-mini  not tested: cancelled");
    desk.slipway(["runs", "list", "--status", "cancelled"])
        .exits(0)
        .says("model-test");
}

/// It accepts connections, and never says a word.
#[test]
fn a_server_that_is_silent_is_not_waited_for_long() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let place = silent.local_addr().unwrap();
    let desk = Desk::new()
        .variable("OPENAI_BASE_URL", format!("http://{place}/v1"))
        .variable("OPENAI_API_KEY", "sk-x");
    desk.slipway(["models", "list", "openai"])
        .exits(1)
        .complains(&format!("OPENAI_BASE_URL names {place}"))
        .complains(&format!("{place} sent nothing for 5 seconds"));
}
