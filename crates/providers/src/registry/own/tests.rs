//! What the person's own file may say.

use super::super::{CallIds, LimitField, Registry};
use super::*;

const OWN: &str = r#"format = 1

[[provider]]
id = "lab"
title = "The lab's server"
base_url = "http://192.168.1.5:8000/v1"

[[provider]]
id = "gateway"
base_url = "https://gateway.example.com/v1"
keys = ["GATEWAY_KEY"]
key_header = "x-gateway-key"
dialect = { limit = "max_completion_tokens", call_ids = "nine_alphanumerics" }

[[provider]]
id = "groq"
keys = ["WORK_GROQ_KEY"]
base_url = "https://groq.example.com/openai/v1"
dialect = { images = false }

[[provider]]
id = "openai"
base_url = "https://proxy.example.com/v1"
"#;

fn findings(text: &str) -> Vec<String> {
    let findings = Registry::with_own(text).expect_err(text);
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn own_providers_stand_beside_those_that_are_known() {
    let registry = Registry::with_own(OWN).unwrap();
    let lab = registry.get("lab").unwrap();
    assert_eq!(lab.title, "The lab's server");
    assert!(lab.keys.is_empty());
    let base = lab.own_base().unwrap();
    assert_eq!(lab.protocol_at(base), Protocol::Chat);
    assert_eq!(lab.dialect_at(base), Dialect::default());
    let gateway = registry.get("gateway").unwrap();
    assert_eq!(gateway.title, "gateway");
    assert_eq!(gateway.key_header, KeyHeader::Named("x-gateway-key".into()));
    let dialect = gateway.dialect_at(gateway.own_base().unwrap());
    assert_eq!(dialect.limit, LimitField::MaxCompletionTokens);
    assert_eq!(dialect.call_ids, CallIds::NineAlphanumerics);
    assert!(dialect.images);
    let (own, all) = (Registry::built_in(), &registry);
    assert_eq!(all.iter().count(), own.iter().count() + 2);
    assert_eq!(all.get("mistral"), own.get("mistral"));
}

#[test]
fn what_an_entry_does_not_name_stays_as_it_ships() {
    let registry = Registry::with_own(OWN).unwrap();
    let shipped = Registry::built_in().get("groq").unwrap();
    let groq = registry.get("groq").unwrap();
    assert_eq!(groq.keys, ["WORK_GROQ_KEY"]);
    assert_eq!(groq.title, shipped.title);
    assert_eq!(groq.own_base(), shipped.own_base());
    let named = groq.named_base().unwrap();
    assert_eq!(named.as_str(), "https://groq.example.com/openai/v1");
    assert!(!groq.is_at_home(named));
    let expected = Dialect {
        images: false,
        ..shipped.dialect_at(shipped.own_base().unwrap())
    };
    assert_eq!(groq.dialect_at(named), expected);
}

#[test]
fn openai_elsewhere_is_any_compatible_server_unless_it_is_said_how_to_speak_to_it() {
    let registry = Registry::with_own(OWN).unwrap();
    let openai = registry.get("openai").unwrap();
    let named = openai.named_base().unwrap();
    assert_eq!(openai.protocol_at(named), Protocol::Chat);
    assert_eq!(openai.dialect_at(named), Dialect::default());
    let said = format!("{OWN}protocol = \"responses\"\n");
    let registry = Registry::with_own(&said).unwrap();
    let openai = registry.get("openai").unwrap();
    let named = openai.named_base().unwrap();
    assert_eq!(openai.protocol_at(named), Protocol::Responses);
    assert!(openai.dialect_at(named).schema_with_tools);
}

#[test]
fn nothing_in_the_file_changes_nothing() {
    for text in ["", "format = 1\n", "# nothing yet\n"] {
        assert_eq!(Registry::with_own(text).unwrap(), *Registry::built_in());
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_key() {
    for (text, expected) in [
        ("provider = [", "providers.toml:1:"),
        (
            "format = 2\n",
            "providers.toml:1:10: format: this Slipway reads format 1",
        ),
        (
            "[[providers]]\n",
            "providers.toml:1:3: providers: unknown key; did you mean `provider`?",
        ),
        (
            "provider = 3\n",
            "providers.toml:1:12: provider: expected [[provider]]",
        ),
        (
            &OWN.replace("title =", "titel ="),
            "providers.toml:5:1: provider[1].titel: unknown key; did you mean `title`?",
        ),
        (
            &OWN.replace("http://192", "htp://192"),
            "providers.toml:6:12: provider[1].base_url: ",
        ),
        (
            &OWN.replace("base_url = \"http://192.168.1.5:8000/v1\"\n", ""),
            "providers.toml:3:1: provider[1]: base_url: is missing: add `base_url",
        ),
        (
            &OWN.replace("\"lab\"", "\"the lab\""),
            "providers.toml:4:6: provider[1].id: an id has up to 40 small letters",
        ),
        (
            &OWN.replace("\"lab\"", "\"local\""),
            "providers.toml:4:6: provider[1].id: \"local\" has a meaning of its own",
        ),
        (
            &OWN.replace("\"lab\"", "\"groq\""),
            "providers.toml:16:6: provider[3].id: stands here twice",
        ),
        (
            &OWN.replace("GATEWAY_KEY", "sk-0123456789"),
            "providers.toml:11:8: provider[2].keys: expected a name of capital letters",
        ),
        (
            &OWN.replace("x-gateway-key", "x gateway key"),
            "providers.toml:12:14: provider[2].key_header: it is no header's name",
        ),
        (
            &OWN.replace("limit =", "limits ="),
            "providers.toml:13:13: provider[2].dialect.limits: unknown field `limits`",
        ),
        (
            &OWN.replace("nine_alphanumerics", "ten"),
            "providers.toml:13:57: provider[2].dialect.call_ids: unknown variant `ten`",
        ),
        (
            &OWN.replace("{ images = false }", "[]"),
            "providers.toml:19:11: provider[3].dialect: expected a table",
        ),
        (
            &OWN.replace(":8000/v1", ":8000/v1/chat/completions"),
            "providers.toml:6:12: provider[1].base_url: ",
        ),
        (
            &OWN.replace("id = \"lab\"", "id = \"lab\"\nfamilies_of = \"opnai\""),
            "providers.toml:5:15: provider[1].families_of: no provider \"opnai\" is known; did you mean \"openai\"?",
        ),
        (
            &OWN.replace("id = \"lab\"", "id = \"lab\"\nkey_check = \"key\""),
            "providers.toml:5:13: provider[1].key_check: expected a path",
        ),
        (
            &OWN.replace("id = \"lab\"", "id = \"lab\"\nfree = \"yes\""),
            "providers.toml:5:8: provider[1].free: ",
        ),
    ] {
        let found = findings(text);
        assert!(
            found.iter().any(|finding| finding.starts_with(expected)),
            "{expected}\nin {found:#?}\nof {text}"
        );
    }
    let two = OWN.replace("\"lab\"", "\"\"").replace("GATEWAY_KEY", "key");
    assert_eq!(findings(&two).len(), 2, "everything is told at once");
    let steering = findings("[[provider]]\nid = \"\\u001b[2J\"\n");
    assert!(!steering[0].contains('\u{1b}'), "{steering:?}");
    let secret = OWN.replace("http://192", "http://me:hunter2@192");
    assert!(!findings(&secret).concat().contains("hunter2"));
}
