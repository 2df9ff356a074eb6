mod fixes;
mod model_keys;

use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::json;

use super::*;

const TOOLS: &[&str] = &[
    "calculator",
    "clock",
    "read_file",
    "write_file",
    "http_request",
];

/// What is wrong with a text, one finding a line.
fn wrong(text: &str) -> String {
    let findings = Manifest::parse(text, TOOLS, &["october", "november"]);
    let findings = findings.expect_err("this manifest must be refused");
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    lines.join("\n")
}

/// What is wrong with a valid manifest to which these lines are added.
fn wrong_with(lines: &str) -> String {
    wrong(&format!("{MINIMAL}{lines}"))
}

fn right(text: &str) -> Manifest {
    match Manifest::parse(text, TOOLS, &["october", "november"]) {
        Ok(manifest) => manifest,
        Err(findings) => panic!("{findings:#?}"),
    }
}

const MINIMAL: &str = "format = 1\n[agent]\nname = \"counter\"\n[model]\nuse = \"local/any\"\n";

const WHOLE: &str = r##"
format = 1
[agent]
name = "expense-report"
title = "Expense report"
description = """
Reads receipts,
writes a report."""
version = "1.2.0"
license = "MIT"
authors = ["Ada", "Grace"]
tags = ["money"]
[model]
use = "openai/gpt-5-mini"
temperature = 0.2
max_output_tokens = 4096
[limits]
max_steps = 24
budget_usd = "0.50"
timeout = "5m"
[[tools]]
use = "calculator"
approval = "allow"
[[tools]]
use = "write_file"
[[tools]]
use = "mcp:files/read_text_file"
approval = "deny"
[mcp.files]
command = "npx"
args = ["-y", "@modelcontextprotocol/server-filesystem", ".", ""]
[mcp.search]
url = "https://mcp.example.com/mcp"
[permissions]
network = ["api.example.com", "127.0.0.1:8080"]
files = ["read:./receipts", "write:./out"]
[input]
type = "string"
[output]
type = "object"
required = ["total"]
additionalProperties = false
[output.properties]
total = { type = "number", minimum = 0, multipleOf = 0.01 }
items = { type = "array", items = { "$ref" = "#/$defs/item" } }
[output."$defs".item]
type = "string"
"##;

#[test]
fn everything_that_is_documented_is_read() {
    let manifest = right(WHOLE);
    assert_eq!(manifest.agent.name.as_str(), "expense-report");
    assert_eq!(
        manifest.agent.description,
        "Reads receipts,\nwrites a report."
    );
    assert_eq!(manifest.agent.authors, ["Ada", "Grace"]);
    assert_eq!(manifest.model.model.to_string(), "openai/gpt-5-mini");
    assert_eq!(manifest.model.temperature, Some(0.2));
    assert_eq!(manifest.model.max_output_tokens, Some(4096));
    assert_eq!(manifest.limits.max_steps, 24);
    assert_eq!(manifest.limits.budget_usd, Some("0.50".parse().unwrap()));
    assert_eq!(manifest.limits.timeout_ms, Some(300_000));
    let tools: Vec<String> = manifest
        .tools
        .iter()
        .map(|entry| entry.tool.to_string())
        .collect();
    assert_eq!(
        tools,
        ["calculator", "write_file", "mcp:files/read_text_file"]
    );
    assert_eq!(manifest.tools[0].approval, Some(ApprovalPolicy::Allow));
    assert_eq!(manifest.tools[1].approval, None);
    assert_eq!(manifest.input, Some(json!({"type": "string"})));
    let output = manifest.output.unwrap();
    let keys: Vec<_> = output.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "type",
            "required",
            "additionalProperties",
            "properties",
            "$defs"
        ],
        "a schema keeps the author's order: models answer in it"
    );
    assert_eq!(output["properties"]["total"]["multipleOf"], json!(0.01));
}

#[test]
fn what_is_left_out_has_its_default() {
    let manifest = right(MINIMAL);
    assert_eq!(manifest.agent.title, "counter");
    assert_eq!(manifest.limits, spec::Limits::default());
    assert_eq!(manifest.permissions(), []);
    assert_eq!((manifest.input, manifest.output), (None, None));
}

#[test]
fn all_that_is_asked_for_is_told() {
    let lines: Vec<String> = right(WHOLE)
        .permissions()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_snapshot!(lines.join("\n"), @r#"
    read files in ./receipts
    read and write files in ./out
    connect to api.example.com
    connect to 127.0.0.1:8080
    connect to mcp.example.com
    start the program `npx -y @modelcontextprotocol/server-filesystem . `
    use calculator without asking each time
    "#);
}

#[test]
fn missing_parts() {
    assert_snapshot!(wrong(""), @r#"
    agent.toml: format: is missing: add `format = 1`
    agent.toml: agent: the table is missing: add `[agent]` with `name = "my-agent"`
    agent.toml: model: the table is missing: add `[model]` with `use = "openai/gpt-5-mini"`
    "#);
    assert_snapshot!(wrong("format = 1\n[agent]\n[model]\n"), @r#"
    agent.toml:2:1: agent.name: is missing: add `name = "my-agent"`
    agent.toml:3:1: model.use: is missing: add `use = "openai/gpt-5-mini"`
    "#);
}

#[test]
fn text_that_is_not_toml() {
    assert_snapshot!(wrong("format = 1\n[agent]\nname = \"x\"\nname = \"y\"\n[model\nuse = \"a/b\n"), @r#"
    agent.toml:4:1: is not TOML: duplicate key `name`
    agent.toml:5:7: is not TOML: unclosed table, expected `]`
    "#);
    assert_snapshot!(wrong("<html>\n"), @r#"
    agent.toml:1:1: is not TOML: invalid unquoted key, expected letters, numbers, `-`, `_`
    agent.toml:1:6: is not TOML: invalid unquoted key, expected letters, numbers, `-`, `_`
    agent.toml:1:7: is not TOML: key with no value, expected `=`
    "#);
}

#[test]
fn misspelt_and_misplaced_keys() {
    assert_snapshot!(wrong(r#"
format = 1
title = "Counter"
[agent]
nam = "counter"
titel = "Counter"
temperature = 1
[modle]
use = "local/any"
[limits]
max_step = 3
retries = 3
[permission]
network = []
"#), @r#"
    agent.toml:3:1: title: unknown key; it belongs in [agent]
    agent.toml:5:1: agent.nam: unknown key; did you mean `name`?
    agent.toml:6:1: agent.titel: unknown key; did you mean `title`?
    agent.toml:7:1: agent.temperature: unknown key; it belongs in [model]
    agent.toml:8:2: modle: unknown key; did you mean `model`?
    agent.toml:11:1: limits.max_step: unknown key; did you mean `max_steps`?
    agent.toml:12:1: limits.retries: unknown key; known here: max_steps, budget_usd, timeout, approval_timeout
    agent.toml:13:2: permission: unknown key; did you mean `permissions`?
    "#);
}

#[test]
fn reserved_keys() {
    assert_snapshot!(wrong(r#"
format = 1
[agent]
name = "counter"
[model]
use = "local/any"
[memory]
[schedule]
cron = "0 9 * * *"
[flow]
[[connections]]
id = "slack"
"#), @r#"
    agent.toml:7:2: memory: is reserved for a later version of Slipway: remove it
    agent.toml:8:2: schedule: is reserved for a later version of Slipway: remove it
    agent.toml:10:2: flow: is reserved for a later version of Slipway: remove it
    agent.toml:11:3: connections: is reserved for a later version of Slipway: remove it
    "#);
}

#[test]
fn values_of_the_wrong_kind() {
    assert_snapshot!(wrong(r#"
format = "1"
tools = ["calculator"]
permissions = []
input = true
[agent]
name = "Expense Report"
title = ""
description = "a\u001b[2Jb"
version = 1.0
authors = "Ada"
tags = ["money", "money", 1979-05-27, "a\u202eb"]
[model]
use = "gpt-5"
temperature = 2.5
max_output_tokens = 0
[limits]
max_steps = "many"
budget_usd = 0.50
timeout = 300
"#), @r#"
    agent.toml:2:10: format: expected the integer 1, found the string "1"
    agent.toml:3:10: tools[0]: expected `[[tools]]` with two brackets, once for each
    agent.toml:4:15: permissions: expected a table, found a list
    agent.toml:5:9: input: expected a table, found the boolean true
    agent.toml:7:8: agent.name: agent name "Expense Report" is not valid: lower-case letters and digits in groups joined by single hyphens, starting with a letter, at most 64; did you mean "expense-report"?
    agent.toml:8:9: agent.title: is empty
    agent.toml:9:15: agent.description: holds '\u{1b}', which people cannot see
    agent.toml:10:11: agent.version: expected a string, found the float 1.0
    agent.toml:11:11: agent.authors: expected a list, found the string "Ada"
    agent.toml:12:18: agent.tags[1]: is listed twice
    agent.toml:12:27: agent.tags[2]: expected a string, found the date or time 1979-05-27
    agent.toml:12:39: agent.tags[3]: holds '\u{202e}', which people cannot see
    agent.toml:14:7: model.use: model "gpt-5" is not valid: provider/model, such as openai/gpt-5-mini, local/llama3.2 or recording/october
    agent.toml:15:15: model.temperature: expected a number from 0 to 2, found the float 2.5
    agent.toml:16:21: model.max_output_tokens: expected an integer from 1 to 10000000, found the integer 0
    agent.toml:18:13: limits.max_steps: expected an integer from 1 to 10000, found the string "many"
    agent.toml:19:14: limits.budget_usd: money is exact and numbers are not: write it as a string, "0.50"
    agent.toml:20:11: limits.timeout: expected a duration such as "30s", "5m" or "1h30m", found the integer 300
    "#);
    assert_snapshot!(wrong("format = 2\nagent = 1\nmodel = []\nlimits = 0x10\nmcp = 1.5\ntools = {}"), @r#"
    agent.toml:1:10: format: this Slipway reads format 1, and the package is in format 2: a newer Slipway may read it
    agent.toml:2:9: agent: expected a table, found the integer 1
    agent.toml:3:9: model: expected a table, found a list
    agent.toml:4:10: limits: expected a table, found the integer 0x10
    agent.toml:5:7: mcp: expected a table, found the float 1.5
    agent.toml:6:9: tools: expected `[[tools]]` with two brackets, once for each
    "#);
    assert_snapshot!(wrong_with("[limits]\nbudget_usd = \"-1\"\ntimeout = \"5 min\""), @r#"
    agent.toml:7:14: limits.budget_usd: "-1" is not an amount in US dollars: write digits with an optional decimal point, such as 0.50
    agent.toml:8:11: limits.timeout: expected a duration such as "30s", "5m" or "1h30m", found "5 min"
    "#);
}

#[test]
fn tools_and_servers() {
    assert_snapshot!(wrong_with(r#"
[[tools]]
use = "calcualtor"
[[tools]]
use = "clock"
approval = "alow"
[[tools]]
use = "clock"
[[tools]]
use = "slack.post_message"
[[tools]]
use = "mcp:file/read"
[[tools]]
use = "rm -rf /"
[[tools]]
aproval = "ask"
[mcp.files]
comand = "npx"
[mcp.both]
command = "npx"
url = "https://mcp.example.com"
[mcp.none]
args = []
[mcp.metadata]
url = "http://169.254.169.254/latest"
[mcp.secret]
url = "https://me:password@mcp.example.com"
[mcp."Wrong name"]
command = ""
"#), @r#"
    agent.toml:8:7: tools[0].use: there is no tool "calcualtor"; did you mean "calculator"?
    agent.toml:11:12: tools[1].approval: expected "allow", "ask" or "deny", found "alow"; did you mean "allow"?
    agent.toml:13:7: tools[2].use: clock is listed twice; first on line 10
    agent.toml:15:7: tools[3].use: there is no tool "slack.post_message"; `slipway tools` lists them
    agent.toml:17:7: tools[4].use: there is no table `[mcp.file]`; did you mean "mcp:files/read"?
    agent.toml:19:7: tools[5].use: expected a tool such as "calculator" or "mcp:SERVER/TOOL", found "rm -rf /"
    agent.toml:20:1: tools[6].use: is missing: add `use = "calculator"`
    agent.toml:21:1: tools[6].aproval: unknown key; did you mean `approval`?
    agent.toml:23:1: mcp.files.comand: unknown key; did you mean `command`?
    agent.toml:24:1: mcp.both: has `command` and `url`: a server is a program or an address
    agent.toml:27:1: mcp.none: needs `command` (and `args`) for a program, or `url` for a server that speaks HTTP
    agent.toml:30:7: mcp.metadata.url: this is where a cloud hands out its machines' credentials: no agent may connect there
    agent.toml:32:7: mcp.secret.url: a URL in a package holds no user name and no password
    agent.toml:33:1: mcp."Wrong name": expected a name of lower-case letters, digits, `_` and `-`, at most 64, found "Wrong name"
    agent.toml:34:11: mcp."Wrong name".command: is empty
    "#);
}

#[test]
fn permissions_that_nobody_can_grant() {
    assert_snapshot!(wrong_with(r#"
[permissions]
network = [
  "https://api.example.com/v1",
  "*.example.com",
  "127.0.0.1",
  "169.254.169.254",
  "localhost:8080",
  "api.example.com",
  "API.example.com",
  5,
]
files = ["./x", "raed:./x", "read:a", "read:./a/", "write:~/out", "read:*.csv"]
netwrk = []
"#), @r#"
    agent.toml:9:3: permissions.network[0]: a host has no scheme and no path: write "api.example.com"
    agent.toml:10:3: permissions.network[1]: wildcards have no meaning here: name each host, so that a person can tell where the agent connects
    agent.toml:11:3: permissions.network[2]: a private or loopback address is named with its port, such as "127.0.0.1:8080"
    agent.toml:12:3: permissions.network[3]: this is where a cloud hands out its machines' credentials: no agent may connect there
    agent.toml:13:3: permissions.network[4]: this machine is reached by its literal address and port, such as "127.0.0.1:8080"
    agent.toml:15:3: permissions.network[6]: is listed twice
    agent.toml:16:3: permissions.network[7]: expected a string, found the integer 5
    agent.toml:18:10: permissions.files[0]: expected "read:PATH" or "write:PATH", found "./x": say whether to read or to write
    agent.toml:18:17: permissions.files[1]: expected "read:PATH" or "write:PATH", found "raed:./x"; did you mean `read:./x`?
    agent.toml:18:39: permissions.files[3]: is listed twice
    agent.toml:18:52: permissions.files[4]: `~` has no meaning here: paths start at the run's working folder
    agent.toml:18:67: permissions.files[5]: patterns have no meaning here: a folder covers everything below it
    agent.toml:19:1: permissions.netwrk: unknown key; did you mean `network`?
    "#);
}

#[test]
fn recordings_must_be_there() {
    let of = |name: &str| MINIMAL.replace("local/any", &format!("recording/{name}"));
    assert_eq!(right(&of("october")).model.model.model, "october");
    assert_snapshot!(wrong(&of("octobre")), @r#"agent.toml:5:7: model.use: the package has no `recordings/octobre.jsonl`; did you mean `recording/october`?"#);
    assert_snapshot!(wrong(&of("../../etc/passwd")), @r#"agent.toml:5:7: model.use: the package has no `recordings/../../etc/passwd.jsonl`; there are: october, november"#);
    let findings = Manifest::parse(&of("first"), TOOLS, &[]).unwrap_err();
    assert_snapshot!(findings[0], @r#"agent.toml:5:7: model.use: the package has no `recordings/first.jsonl`; make one with `slipway run --record NAME`"#);
}

#[test]
fn schemas_are_json_schemas_and_fetch_nothing() {
    assert_snapshot!(wrong_with(r##"
[input]
type = "strng"
default = 1979-05-27
[output]
type = "object"
required = "a"
[output.properties.a]
"$ref" = "https://evil.example/schema.json"
[output.properties.b]
"$ref" = "file:///etc/passwd"
[output.properties.c]
anyOf = [{ "$ref" = "other.json" }, { minLength = -1 }]
"##), @r#"
    agent.toml:9:11: input.default: expected a value that JSON can have, found the date or time 1979-05-27
    agent.toml:12:12: output.required: is not a JSON Schema: "a" is not of type "array"
    agent.toml:14:10: output.properties.a."$ref": a reference stays inside the schema and begins with `#`: nothing is fetched
    agent.toml:16:10: output.properties.b."$ref": a reference stays inside the schema and begins with `#`: nothing is fetched
    agent.toml:18:21: output.properties.c.anyOf[0]."$ref": a reference stays inside the schema and begins with `#`: nothing is fetched
    agent.toml:18:51: output.properties.c.anyOf[1].minLength: is not a JSON Schema: -1 is less than the minimum of 0
    "#);
    assert_snapshot!(wrong_with("[output]\n\"$ref\" = \"#/nowhere\""), @r#"agent.toml:6:1: output: is not a JSON Schema: Pointer '/nowhere' does not exist"#);
    assert_snapshot!(wrong_with("[output]\nproperties.a = { pattern = \"(\" }"), @r#"agent.toml:7:28: output.properties.a.pattern: expected a regular expression, found "(""#);
    assert_snapshot!(wrong_with("[output]\n\"$schema\" = \"https://evil.example/draft\""), @r#"agent.toml:7:13: output."$schema": expected a draft of JSON Schema, such as "https://json-schema.org/draft/2020-12/schema", found the string "https://evil.example/draft""#);
    let data =
        "[output]\nenum = [{ \"$ref\" = \"https://example.com\" }]\nproperties.\"$ref\" = {}";
    assert!(
        right(&format!("{MINIMAL}{data}")).output.is_some(),
        "data is no reference"
    );
}

#[test]
fn the_documentation_tells_the_truth() {
    let documentation = include_str!("../../../../../docs/package-format.md");
    let example = documentation.split("```toml\n").nth(1).unwrap();
    let manifest = right(example.split("```").next().unwrap());
    assert_eq!(manifest.mcp.len(), 2);
    assert_eq!(manifest.permissions().len(), 7);
    let tables = [
        keys::AGENT,
        keys::MODEL,
        keys::LIMITS,
        keys::TOOL,
        keys::MCP,
        keys::PERMISSIONS,
    ];
    for key in tables.into_iter().flatten() {
        let row = format!("| `{key}` |");
        assert!(documentation.contains(&row), "{key} has no row of its own");
    }
    for table in keys::TOP.iter().chain(keys::RESERVED) {
        assert!(documentation.contains(table), "{table} is not explained");
    }
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let manifest = right(&format!("\u{feff}{}", WHOLE.replace('\n', "\r\n")));
    assert_eq!(manifest.tools.len(), 3);
    let text = MINIMAL.replace('\n', "\r\n") + "[limits]\r\nmax_step = 1";
    assert_snapshot!(wrong(&text), @r#"agent.toml:7:1: limits.max_step: unknown key; did you mean `max_steps`?"#);
}

#[test]
fn hostile_texts_end_soon() {
    let deep = format!(
        "{MINIMAL}[input]\na = {}1{}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    assert!(wrong(&deep).contains("recursion depth"));
    let dotted = format!("{MINIMAL}[input]\n{}a = 1", "a.".repeat(5000));
    assert!(wrong(&dotted).contains("recursion limit"));
    let many: String = (0..20_000).map(|n| format!("k{n}=1\n")).collect();
    assert!(wrong(&many).lines().count() < 210);
    let long = format!(
        "{MINIMAL}[permissions]\nnetwork = [{}]",
        "\"a.example\",".repeat(20_000)
    );
    assert!(wrong(&long).contains("500 are the most"));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = Manifest::parse(&text, TOOLS, &[]);
        let _ = Manifest::parse(&format!("{MINIMAL}[output]\n{text}"), TOOLS, &[]);
    }

    #[test]
    fn no_change_of_a_valid_text_makes_the_reader_panic(
        at in 0..WHOLE.len(),
        length in 0..12_usize,
        text in "[\\[\\]{}\"'=.,#a-z0-9$/ \\n-]{0,6}",
    ) {
        let end = (at + length).min(WHOLE.len());
        let mut changed = WHOLE.to_owned();
        changed.replace_range(at..end, &text);
        if let Err(findings) = Manifest::parse(&changed, TOOLS, &[]) {
            prop_assert!(!findings.is_empty());
            let lines = u32::try_from(changed.lines().count()).unwrap() + 1;
            prop_assert!(findings.iter().all(|finding| finding.line.is_none_or(|line| line <= lines)));
        }
    }
}
