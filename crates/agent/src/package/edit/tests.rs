use insta::assert_snapshot;
use serde_json::json;

use super::*;
use crate::package::Manifest;

mod any;

const TEXT: &str = r#"# Counts receipts.
format = 1

[agent]
name = "counter"   # do not rename: the schedule knows it
title = 'Counter'

# The model. Ask before you change it.
[model]
use = "local/any"

temperature = 0.20  # low

[limits]
# Enough for a month.
max_steps = 24
# Money:

# In dollars.
budget_usd = "0.50"

# --- tools ---

# Sums.
[[tools]]
use = "calculator"

# Reads.
[[tools]]
use = "read_file"
approval = "ask" # always

[permissions]
files = [
    "read:./receipts", # the bills
    "write:./out",
]
network = []

[mcp.files]
command = "npx"
args = ["-y", "server"]
"#;

fn text(text: &str) -> ManifestText {
    ManifestText::parse(text).unwrap()
}

/// The way that is written `tools/1/approval`.
fn way(text: &str) -> Vec<Step> {
    let steps = text.split('/').filter(|step| !step.is_empty());
    let steps = steps.map(|step| match step.parse::<usize>() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::from(step),
    });
    steps.collect()
}

/// What an edit changed, with a line around it.
fn changed(edit: impl FnOnce(&mut ManifestText)) -> String {
    let mut edited = text(TEXT);
    edit(&mut edited);
    let edited = edited.to_string();
    let diff = similar::TextDiff::from_lines(TEXT, &edited);
    let changes = diff.unified_diff().context_radius(1).to_string();
    let lines = changes.lines().filter(|line| !line.starts_with("@@"));
    let lines: Vec<&str> = lines.map(str::trim_end).collect();
    lines.join("\n")
}

fn set(place: &str, value: &Value) -> String {
    changed(|text| text.set(&way(place), value).unwrap())
}

fn remove(place: &str) -> String {
    changed(|text| assert!(text.remove(&way(place)), "there is something at {place}"))
}

#[test]
fn a_text_that_is_not_edited_stays_as_it_is() {
    assert_eq!(text(TEXT).to_string(), TEXT);
    for (place, value) in [
        ("agent/title", json!("Counter")),
        ("model/temperature", json!(0.2)),
        (
            "permissions/files",
            json!(["read:./receipts", "write:./out"]),
        ),
        (
            "tools",
            json!([{"use": "calculator"}, {"use": "read_file", "approval": "ask"}]),
        ),
        (
            "mcp/files",
            json!({"args": ["-y", "server"], "command": "npx"}),
        ),
    ] {
        assert_eq!(set(place, &value), "", "{place} has this value already");
    }
}

#[test]
fn a_value_changes_and_nothing_around_it() {
    assert_snapshot!(set("agent/name", &json!("adder")), @r#"
     [agent]
    -name = "counter"   # do not rename: the schedule knows it
    +name = "adder"   # do not rename: the schedule knows it
     title = 'Counter'
    "#);
    assert_snapshot!(set("model/temperature", &json!(1)), @r#"

    -temperature = 0.20  # low
    +temperature = 1  # low
    "#);
    assert_snapshot!(set("model/fallback", &json!(["local/b", "local/c"])), @r#"
     temperature = 0.20  # low
    +fallback = ["local/b", "local/c"]
    "#);
    assert_snapshot!(set("tools/1/approval", &json!("deny")), @r#"
     use = "read_file"
    -approval = "ask" # always
    +approval = "deny" # always
    "#);
    assert_snapshot!(set("permissions/files/1", &json!("write:./report")), @r#"
         "read:./receipts", # the bills
    -    "write:./out",
    +    "write:./report",
     ]
    "#);
    assert_snapshot!(set("permissions/files", &json!(["read:./bills", "write:./out"])), @r#"
     files = [
    -    "read:./receipts", # the bills
    +    "read:./bills", # the bills
         "write:./out",
    "#);
}

#[test]
fn what_is_new_takes_its_place() {
    assert_snapshot!(set("limits/timeout", &json!("5m")), @r#"
     budget_usd = "0.50"
    +timeout = "5m"
    "#);
    assert_snapshot!(set("tools/0/approval", &json!("allow")), @r#"
     use = "calculator"
    +approval = "allow"
    "#);
    assert_snapshot!(set("permissions/files/2", &json!("read:./rates")), @r#"
         "write:./out",
    +    "read:./rates",
     ]
    "#);
    assert_snapshot!(set("permissions/network", &json!(["a.example", "b.example"])), @r#"
     ]
    -network = []
    +network = ["a.example", "b.example"]
    "#);
    assert_snapshot!(set("tools/2", &json!({"use": "clock", "approval": "allow"})), @r#"

    +[[tools]]
    +use = "clock"
    +approval = "allow"
    +
     [permissions]
    "#);
    assert_snapshot!(set("mcp/search/url", &json!("https://mcp.example.com")), @r#"
     args = ["-y", "server"]
    +
    +[mcp.search]
    +url = "https://mcp.example.com"
    "#);
    assert_snapshot!(set("output", &json!({
        "type": "object",
        "required": ["total"],
        "properties": {"total": {"type": "number"}, "a b": {"enum": [1, 2.5, true]}},
    })), @r#"
     args = ["-y", "server"]
    +
    +[output]
    +type = "object"
    +required = ["total"]
    +
    +[output.properties.total]
    +type = "number"
    +
    +[output.properties."a b"]
    +enum = [1, 2.5, true]
    "#);
}

#[test]
fn what_is_removed_takes_its_own_comments_and_no_others() {
    assert_snapshot!(remove("agent/name"), @r#"
     [agent]
    -name = "counter"   # do not rename: the schedule knows it
     title = 'Counter'
    "#);
    assert_snapshot!(remove("limits/max_steps"), @r#"
     [limits]
    -# Enough for a month.
    -max_steps = 24
     # Money:
    "#);
    assert_snapshot!(remove("limits/budget_usd"), @r#"

    -# In dollars.
    -budget_usd = "0.50"
    -
     # --- tools ---
    "#);
    assert_snapshot!(remove("tools/0"), @r#"

    -# Sums.
    -[[tools]]
    -use = "calculator"
    -
     # Reads.
    "#);
    assert_snapshot!(remove("tools/1"), @r#"

    -# Reads.
    -[[tools]]
    -use = "read_file"
    -approval = "ask" # always
    -
     [permissions]
    "#);
    assert_snapshot!(remove("permissions/files/0"), @r#"
     files = [
    -    "read:./receipts", # the bills
         "write:./out",
    "#);
    assert_snapshot!(remove("mcp/files"), @r#"
     network = []
    -
    -[mcp.files]
    -command = "npx"
    -args = ["-y", "server"]
    "#);
    assert_snapshot!(remove("model"), @r#"

    -# The model. Ask before you change it.
    -[model]
    -use = "local/any"
    -
    -temperature = 0.20  # low
    -
     [limits]
    "#);
    assert_snapshot!(changed(|text| {
        assert!(text.remove(&way("tools/0")));
        assert!(text.remove(&way("tools/0")));
        assert!(!text.remove(&way("tools/0")), "nothing is left to remove");
    }), @r#"

    -# Sums.
    -[[tools]]
    -use = "calculator"
    -
    -# Reads.
    -[[tools]]
    -use = "read_file"
    -approval = "ask" # always
    -
     [permissions]
    "#);
}

#[test]
fn lists_of_tables_keep_the_text_of_what_stays() {
    let swapped = json!([{"use": "read_file", "approval": "ask"}, {"use": "calculator"}]);
    let mut edited = text(TEXT);
    edited.set(&way("tools"), &swapped).unwrap();
    assert_eq!(edited.get(&way("tools")), Some(swapped));
    let edited = edited.to_string();
    let (reads, sums) = (
        edited.find("# Reads.").unwrap(),
        edited.find("# Sums.").unwrap(),
    );
    assert!(reads < sums, "comments go with their tables:\n{edited}");
    assert_snapshot!(set("tools", &json!([{"use": "read_file", "approval": "ask"}])), @r#"

    -# Sums.
    -[[tools]]
    -use = "calculator"
    -
     # Reads.
    "#);
    assert_snapshot!(set("tools", &json!([])), @r#"
     format = 1
    +tools = []

     # --- tools ---
    -
    -# Sums.
    -[[tools]]
    -use = "calculator"
    -
    -# Reads.
    -[[tools]]
    -use = "read_file"
    -approval = "ask" # always
    "#);
}

#[test]
fn an_emptied_table_stays_whichever_way_it_was_written() {
    let mut edited = text(TEXT);
    for value in [json!({".": {}}), json!({})] {
        edited.set(&way("output/properties/x"), &value).unwrap();
        let again = text(&edited.to_string());
        assert_eq!(again.get(&way("output/properties/x")), Some(value));
    }
    assert!(edited.to_string().ends_with("\n[output.properties.x]\n"));
    for (before, place, after) in [
        ("[a.b.c]\nd = 1\n", "a/b", "[a.b]\n"),
        ("[a]\nb.c = 1\nd = 2\n", "a/b", "[a]\nd = 2\n\n[a.b]\n"),
        ("a.b.c = 1\na.d = 2\n", "a/b", "a.d = 2\n\n[a.b]\n"),
        ("a = { b.c = 1, d = 2 }\n", "a/b", "a = { b = {}, d = 2 }\n"),
        (
            "[[a]]\nb.c = 1\n[[a]]\n",
            "a/0/b",
            "[[a]]\n\n[a.b]\n[[a]]\n",
        ),
    ] {
        let mut edited = text(before);
        edited.set(&way(place), &json!({})).unwrap();
        assert_eq!(edited.to_string(), after, "from {before}");
        let again = text(after);
        assert_eq!(again.get(&way(place)), Some(json!({})), "from {before}");
        assert_eq!(again.get(&[]), edited.get(&[]), "from {before}");
    }
}

#[test]
fn a_table_that_only_its_last_key_wrote_goes_with_that_key() {
    for before in ["[a.b.c]\n", "a.b.c = 1\n", "x = [{ a.b.c = 1 }]\n"] {
        let root = if before.starts_with('x') { "x/0" } else { "" };
        let mut edited = text(before);
        assert!(edited.remove(&way(&format!("{root}/a/b/c"))));
        assert_eq!(edited.get(&way(root)), Some(json!({})), "from {before}");
        assert_eq!(text(&edited.to_string()).get(&[]), edited.get(&[]));
        edited.set(&way(root), &json!({"a": {"b": {}}})).unwrap();
        let again = text(&edited.to_string());
        let found = again.get(&way(&format!("{root}/a/b")));
        assert_eq!(found, Some(json!({})), "from {before}");
    }
}

#[test]
fn impossible_edits_change_nothing() {
    let mut edited = text(TEXT);
    for (place, value, told) in [
        ("agent/name/x", json!(1), "there is no place `agent.name.x`"),
        (
            "tools/3",
            json!({"use": "clock"}),
            "there is no place `tools[3]`",
        ),
        ("tools/2", json!("clock"), "there is no place `tools[2]`"),
        ("tools/use", json!("clock"), "there is no place `tools.use`"),
        (
            "permissions/files/9",
            json!("x"),
            "there is no place `permissions.files[9]`",
        ),
        ("new/0", json!("x"), "there is no place `new[0]`"),
        ("agent/title", json!(null), "null cannot be written in TOML"),
        ("limits/max_steps", json!(u64::MAX), "an integer above"),
        (
            "output",
            json!({"type": "object", "default": null}),
            "null cannot be written",
        ),
    ] {
        let error = edited.set(&way(place), &value).unwrap_err().to_string();
        assert!(error.contains(told), "{place}: {error}");
    }
    assert!(!edited.remove(&way("agent/nothing")));
    assert!(!edited.remove(&[]));
    assert_eq!(edited.to_string(), TEXT);
    let error = ManifestText::parse("a = \n").unwrap_err();
    assert!(matches!(&error, EditError::Syntax(findings) if findings[0].line == Some(1)));
}

#[test]
fn line_ends_and_byte_order_marks_stay() {
    let windows = format!("\u{feff}{}", TEXT.replace('\n', "\r\n"));
    let mut edited = text(&windows);
    assert_eq!(edited.to_string(), windows);
    edited.set(&way("limits/timeout"), &json!("5m")).unwrap();
    edited.remove(&way("tools/0"));
    let edited = edited.to_string();
    assert!(edited.starts_with("\u{feff}# Counts"));
    assert_eq!(edited.matches('\n').count(), edited.matches("\r\n").count());
    assert!(edited.contains("timeout = \"5m\"\r\n"));
}

#[test]
fn what_was_edited_is_still_a_manifest() {
    let mut edited = text(TEXT);
    edited
        .set(&way("model/use"), &json!("openai/gpt-5-mini"))
        .unwrap();
    edited
        .set(&way("tools/2"), &json!({"use": "mcp:files/list"}))
        .unwrap();
    edited
        .set(&way("input"), &json!({"type": "string"}))
        .unwrap();
    edited.remove(&way("tools/0"));
    let manifest = Manifest::parse(&edited.to_string(), &["read_file"], &[]).unwrap();
    assert_eq!(manifest.model.model.to_string(), "openai/gpt-5-mini");
    let tools: Vec<String> = manifest
        .tools
        .iter()
        .map(|entry| entry.tool.to_string())
        .collect();
    assert_eq!(tools, ["read_file", "mcp:files/list"]);
    assert_eq!(manifest.input, Some(json!({"type": "string"})));
}

#[test]
fn elements_take_what_is_below_them_along() {
    let mut edited = text(
        "[[a]]\nn = 1\n\n[a.x]\ny = 1\n\n[[a.b]]\nz = 1\n\n[[a]]\nn = 2\n\n[a.x]\ny = 2\n\n[c]\n",
    );
    let elements = edited.get(&way("a")).unwrap();
    let turned = json!([elements[1], elements[0]]);
    edited.set(&way("a"), &turned).unwrap();
    assert_snapshot!(edited.to_string(), @r#"
    [[a]]
    n = 2

    [a.x]
    y = 2
    [[a]]
    n = 1

    [a.x]
    y = 1

    [[a.b]]
    z = 1

    [c]
    "#);
    assert_eq!(text(&edited.to_string()).get(&way("a")), Some(turned));
}

#[test]
fn a_new_element_does_not_take_what_is_the_others() {
    let before = "[[a]]\n[a.y.z]\n[b]\n[a.x]\n[a.y.w]\n";
    let mut edited = text(before);
    edited.set(&way("a/1"), &json!({"n": 2})).unwrap();
    let again = text(&edited.to_string());
    assert_eq!(
        again.get(&way("a")),
        Some(json!([{"y": {"z": {}, "w": {}}, "x": {}}, {"n": 2}]))
    );
}

#[test]
fn a_comment_that_stands_for_itself_outlives_everything() {
    for (before, place) in [
        ("# alone\n\na = 1\n", "a"),
        ("[t]\n# alone\n\na = 1\n", "t/a"),
        ("[t]\nb = 1\n[t.s]\n# alone\n\na = 1\n", "t/s/a"),
        ("x = 1\n\n# alone\n\n[[a]]\nn = 1\n", "a/0"),
        ("[[a]]\nn = 1\n\n# alone\n\n[[a]]\nn = 2\n", "a/1"),
        ("a = [\n  # alone\n\n  1,\n]\n", "a/0"),
        ("# alone\n\n[t]\na = 1\n", "t"),
        ("[x]\n# alone\n\n[x.y]\nz = 1\n", "x"),
    ] {
        let mut edited = text(before);
        assert!(edited.remove(&way(place)), "{before}");
        assert!(edited.to_string().contains("# alone"), "{before}");
        let mut edited = text(before);
        edited.set(&way(place), &json!({"new": true})).unwrap();
        assert!(edited.to_string().contains("# alone"), "{before}");
    }
}
