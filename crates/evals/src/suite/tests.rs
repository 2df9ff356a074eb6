use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;
use slipway_agent::package::{Files, PackagePath};
use slipway_contract::AgentName;
use slipway_contract::error::Finding;

use super::*;

const FILE: &str = "tests/receipts.toml";

fn package(entries: &[(&str, &[u8])]) -> Files {
    let entries = entries
        .iter()
        .map(|(path, bytes)| (path.parse().unwrap(), bytes.to_vec()));
    Files::from_entries(entries).unwrap()
}

fn with_tools<T>(files: &Files, tools: &[&str], look: impl FnOnce(&Tested<'_>) -> T) -> T {
    let agent: AgentName = "expense-report".parse().unwrap();
    let tools = tools.iter().map(|tool| (*tool).to_owned()).collect();
    look(&Tested {
        agent: &agent,
        tools,
        files,
    })
}

fn parse_beside(source: &str, others: &[(&str, &[u8])]) -> Result<Suite, Vec<Finding>> {
    let mut entries = vec![(FILE, source.as_bytes())];
    entries.extend(others);
    let file: PackagePath = FILE.parse().unwrap();
    with_tools(
        &package(&entries),
        &["read_table", "save_table"],
        |tested| Suite::parse(&file, tested),
    )
}

fn parse(source: &str) -> Result<Suite, Vec<Finding>> {
    parse_beside(source, &[])
}

fn told(source: &str) -> Vec<String> {
    parse(source)
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// A suite with one valid case, and this in it.
fn case(more: &str) -> String {
    format!("format = 1\n[[case]]\nname = \"a\"\ninput = \"b\"\n{more}")
}

const EXPECT: &str = "[[case.expect]]\ncontains = \"x\"\n";

#[test]
fn a_whole_suite_is_read() {
    let source = r#"
format = 1
title = "Receipts"
agent = "expense-report"

[defaults]
recording = "example"
repeat = 3
tags = ["money"]
approvals = { save_table = "allow", "*" = "deny" }
variables = { month = "October", year = 2026 }

[[defaults.expect]]
max_steps = 8

[matrix]
models = ["openai/gpt-5-mini", "local/llama3.2"]
temperature = [0, 0.7]

[[case]]
name = "Sums match the table"
input = "Report {{month}} {{year}}"
variables = { month = "November" }
tools = "recorded"
required = 2
timeout = "30s"
budget_usd = "0.10"
threshold = 0.5
tags = ["sums"]
approvals = { save_table = "deny" }
attachments = ["tests/files/receipt.png"]

[[case.files]]
path = "receipts/a.csv"
text = "a,{{month}}"

[[case.files]]
path = "receipts/b.csv"
copy = "tests/files/b.csv"

[[case.mock]]
tool = "read_table"
when = { path = "receipts/a.csv" }
returns = { rows = [[1, 2]] }

[[case.mock]]
tool = "read_table"
error = "there is no such file"

[[case.expect]]
path = "$.total_eur"
number = 4218.60
tolerance = 0.01

[[case.expect]]
file = "out/{{month}}.md"
contains = ["Total", "{{month}}"]
not = true
weight = 2

[[case]]
name = "An empty folder says so"
input = ["Report", "And now?"]

[[case.expect]]
contains_any = ["no receipts", "empty"]
"#;
    let others: [(&str, &[u8]); 3] = [
        ("recordings/example.jsonl", b"{}"),
        ("tests/files/b.csv", b"b"),
        ("tests/files/receipt.png", b"png"),
    ];
    let suite = parse_beside(source, &others).unwrap();
    assert_eq!((suite.title.as_str(), suite.cases.len()), ("Receipts", 2));
    assert_eq!(suite.matrix.points().len(), 4);
    let sums = &suite.cases[0];
    assert_eq!(sums.tags, ["money", "sums"], "lists are appended");
    assert_eq!(sums.variables["month"], "November", "tables are merged");
    assert_eq!(sums.variables["year"], "2026");
    assert_eq!((sums.repeat.times(), sums.repeat.required()), (3, 2));
    assert_eq!(
        sums.approvals.answer("save_table"),
        Some(ApprovalRule::Deny)
    );
    assert_eq!(
        sums.approvals.answer("read_table"),
        Some(ApprovalRule::Deny)
    );
    assert_eq!(
        (sums.tools.clone(), sums.timeout_ms),
        (ToolSources::all(ToolSource::Recorded), Some(30_000))
    );
    assert_eq!(
        sums.expect.len(),
        3,
        "the default's expectation comes first"
    );
    assert_eq!(sums.expect[0].to_string(), "makes at most 8 steps");
    let mock = |path: &str| {
        sums.mock("read_table", &json!({"path": path, "sheet": 1}))
            .cloned()
    };
    let rows = MockAnswer::Returns(json!({"rows": [[1, 2]]}));
    assert_eq!(mock("receipts/a.csv"), Some(rows));
    assert_eq!(
        mock("x"),
        Some(MockAnswer::Error("there is no such file".to_owned()))
    );
    assert_eq!(sums.mock("save_table", &json!({})), None);
    let empty = &suite.cases[1];
    assert_eq!(empty.turns, ["Report", "And now?"]);
    assert_eq!(
        (empty.repeat.required(), empty.recording.as_deref()),
        (3, Some("example"))
    );

    let concrete = suite.expand();
    assert_eq!(concrete.len(), 8);
    assert_eq!(
        concrete[1].title,
        "Sums match the table (openai/gpt-5-mini, temperature 0.7)"
    );
    assert_eq!(concrete[1].attempts().count(), 3);
    let filled = concrete[0].filled();
    assert_eq!(filled.turns, ["Report November 2026"]);
    assert_eq!(
        filled.files[0].content,
        FileContent::Text("a,November".to_owned())
    );
    assert_eq!(
        filled.expect[2].to_string(),
        "not: out/November.md contains all of \"Total\", \"November\""
    );
}

#[test]
fn ids_stay_when_other_cases_come_and_go() {
    let one = "[[case]]\nname = \"one\"\ninput = \"x\"\ntable = \"tests/t.csv\"\n[[case.expect]]\ncontains = \"{{total}}\"\n";
    let other = "[[case]]\nname = \"other\"\ninput = \"x\"\n[[case.expect]]\ncontains = \"x\"\n";
    let ids = |source: &str, table: &[u8]| -> Vec<String> {
        let suite = parse_beside(source, &[("tests/t.csv", table)]).unwrap();
        suite
            .expand()
            .iter()
            .map(|case| case.id.to_string())
            .collect()
    };
    let alone = ids(
        &format!("format = 1\n{one}"),
        b"name,total\na,1\nb,2\nb,2\n",
    );
    let both = ids(
        &format!("format = 1\n{other}{one}"),
        b"name,total\nnew,0\na,1\nb,2\nb,2\n",
    );
    assert_eq!(alone.len(), 3);
    assert_eq!(
        alone.iter().collect::<BTreeSet<_>>().len(),
        3,
        "even equal rows are two cases"
    );
    assert_eq!(both[2..], alone[..]);
    // Reports are kept for long, so an id must not change with a version of Slipway.
    assert_eq!(alone[0], "876a2daadfd0fad4");
}

#[test]
fn rows_fill_their_case_and_are_named() {
    let source =
        case("table = \"tests/t.csv\"\nvariables = { total = \"own\", rest = \"{{total}}\" }\n")
            + "[[case.expect]]\nequals = \"{{total}} {{rest}}\"\n";
    let suite = parse_beside(
        &source,
        &[("tests/t.csv", b"name,total\nlodging,42\n,43\n")],
    )
    .unwrap();
    let cases = suite.expand();
    let titles: Vec<&str> = cases.iter().map(|case| case.title.as_str()).collect();
    assert_eq!(titles, ["a [lodging]", "a [row 2]"]);
    assert_eq!(
        cases[1].filled().expect[0].to_string(),
        "the answer is \"43 {{total}}\""
    );
    assert!(cases[1].filled().rows.is_empty());
    let inline = case("")
        + EXPECT
        + "[[case.table]]\nname = \"x\"\nn = 1\n[[case.table]]\nname = \"y\"\nn = 2\n";
    let titles: Vec<String> = parse(&inline)
        .unwrap()
        .expand()
        .into_iter()
        .map(|case| case.title)
        .collect();
    assert_eq!(titles, ["a [x]", "a [y]"]);
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_what_was_meant() {
    for (source, wanted) in [
        (
            case("contians = 1\n"),
            "receipts.toml:5:1: case[0].contians: unknown key",
        ),
        (
            case("[[case.expect]]\ncontians = \"x\"\n"),
            "tests/receipts.toml:6:1: case[0].expect[0].contians: unknown key; did you mean `contains`?",
        ),
        (
            case("[[case.expect]]\ntool_caled = \"x\"\n"),
            "did you mean `tool_called`?",
        ),
        (
            case("[[case.expect]]\ntool_called = \"read_tabel\"\n"),
            "6:15: case[0].expect[0].tool_called: the agent has no tool \"read_tabel\"; did you mean \"read_table\"?",
        ),
        (
            case("[[case.expect]]\nmatches = \"(\"\n"),
            "expected a regular expression, found \"(\"",
        ),
        (
            case("[[case.expect]]\nmatches = \"((a{1000}){1000}){1000}\"\n"),
            "too large when it is compiled",
        ),
        (
            case("[[case.expect]]\npath = \"total\"\nequals = 1\n"),
            "expected a JSONPath",
        ),
        (
            case("[[case.expect]]\nschema = { type = \"objekt\" }\n"),
            "did you mean \"object\"?",
        ),
        (
            case("[[case.expect]]\nnot = true\n"),
            "says nothing to expect: add one of equals",
        ),
        (
            case("[[case.expect]]\nequals = \"a\"\ncontains = \"b\"\n"),
            "has `equals` and `contains`: write a `[[case.expect]]` for each",
        ),
        (
            case("[[case.expect]]\ncontains = \"b\"\ntolerance = 1\n"),
            "says nothing beside `contains`; it goes with number",
        ),
        (
            case("[[case.expect]]\nmax_cost_usd = 0.1\n"),
            "write it as a string, \"0.1\"",
        ),
        (
            case("[[case.expect]]\nlanguage = \"German\"\n"),
            "did you mean \"de\"?",
        ),
        (case("[[case.expect]]\ncontains = \"\"\n"), "is empty"),
        (case("[[case.expect]]\nno_error = false\n"), "`not = true`"),
        (
            case("[[case.expect]]\nfile = \"../x\"\nequals = \"1\"\n"),
            "lead out of the package",
        ),
        (
            case("[[case.expect]]\ncontains = \"{{mnth}}\"\n[case.variables]\nmonth = 1\n"),
            "the variable `{{mnth}}`, which has no value; did you mean `{{month}}`?",
        ),
        (case(""), "expects nothing: add `[[case.expect]]`"),
        (
            case("repeat = 2\nrequired = 3\n") + EXPECT,
            "requires 3 passes of 2 attempts",
        ),
        (
            case("tools = { read_tabel = \"recorded\" }\n") + EXPECT,
            "the agent has no tool \"read_tabel\"",
        ),
        (
            case("tools = 3\n") + EXPECT,
            "expected a word, or a table with a word for each tool",
        ),
        (
            case("tools = \"fake\"\n") + EXPECT,
            "expected one of \"live\", \"recorded\", \"mocked\"",
        ),
        (
            case("recording = \"octobre\"\n") + EXPECT,
            "the package has no `recordings/octobre.jsonl`",
        ),
        (
            case("table = \"tests/none.csv\"\n") + EXPECT,
            "the package has no file `tests/none.csv`",
        ),
        (
            case("table = \"files/x.csv\"\n") + EXPECT,
            "the path begins with `tests/`",
        ),
        (
            case("[[case.mock]]\ntool = \"x\"\n") + EXPECT,
            "needs `returns` with a result, or `error`",
        ),
        (
            case("approvals = { x = \"maybe\" }\n") + EXPECT,
            "expected one of \"allow\", \"deny\"",
        ),
        (
            case(EXPECT) + "[[case]]\nname = \"A\"\ninput = \"b\"\n" + EXPECT,
            "of this name already, on line 3",
        ),
        (
            case(EXPECT) + "[matrix]\nmodels = [\"gpt\"]\n",
            "provider/model",
        ),
        (
            case(EXPECT) + "[matrix]\ntemperature = [0, 0]\n",
            "has a value twice",
        ),
        (case(EXPECT) + "[matrix]\nmodels = []\n", "is empty"),
        (
            "format = 1\nagent = \"other\"\n".to_owned() + &case(EXPECT)[10..],
            "the suite is for the agent \"other\"",
        ),
        ("format = 2\n".to_owned(), "the suite is in format 2"),
        ("format = 1\n".to_owned(), "there is no case"),
        ("format = 1\n[[cases]]\n".to_owned(), "did you mean `case`?"),
        (
            "format = 1\n[[case]]\nname = \"a\"\n".to_owned() + EXPECT,
            "case[0].input: is missing",
        ),
        ("format = ".to_owned(), "is not TOML"),
    ] {
        let told = told(&source).join("\n");
        assert!(
            told.contains(wanted),
            "{source}\n---\n{told}\n--- lacks\n{wanted}"
        );
    }
}

#[test]
fn variables_stand_in_paths_and_schemas_and_a_value_that_breaks_them_is_a_finding() {
    let suite = |expect: &str| {
        case(&format!(
            "table = \"tests/t.csv\"\n[case.variables]\nkey = \"total\"\n[[case.expect]]\n{expect}"
        ))
    };
    let good = suite(
        "path = \"$['{{key}}'][{{at}}]\"\nequals = 1\n[[case.expect]]\nschema = { minimum = \"{{at}}\", pattern = \"^{{name}}\" }\n",
    );
    let rows: &[u8] = b"name,at\nfirst,0\nsecond,1\n";
    let suite_of = parse_beside(&good, &[("tests/t.csv", rows)]).unwrap();
    let concrete = suite_of.expand();
    assert_eq!(
        concrete[1].filled().expect[0].to_string(),
        "$['total'][1] is 1"
    );
    let broken: &[u8] = b"name,at\nfirst,0\n(,x y\n";
    let findings = parse_beside(&good, &[("tests/t.csv", broken)]).unwrap_err();
    let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("receipts.toml:2")
            && told[0].contains("with the values of [(] expected a JSONPath"),
        "{told:?}"
    );
    assert!(told[1].contains("the schema cannot be used"), "{told:?}");
    for (expect, wanted) in [
        (
            "schema = { \"$ref\" = \"{{key}}\" }\n",
            "no variable stands in `$ref`",
        ),
        (
            "schema = { \"$ref\" = \"https://example.com/s\", const = \"{{key}}\" }\n",
            "refers to itself alone",
        ),
        (
            "path = \"$.{{kye}}\"\nequals = 1\n",
            "the variable `{{kye}}`, which has no value",
        ),
    ] {
        let findings = parse_beside(&suite(expect), &[("tests/t.csv", rows)]).unwrap_err();
        assert!(findings[0].to_string().contains(wanted), "{findings:?}");
    }
}

#[test]
fn a_sheet_belongs_to_a_spreadsheet() {
    let told = told(&case(&format!("sheet = \"A\"\n{EXPECT}")));
    assert!(told[0].contains("there is no `table`"), "{told:?}");
}

#[test]
fn what_is_too_much_is_refused_and_never_made() {
    let many = "format = 1\n".to_owned() + &"[[case]]\n".repeat(MAX_CASES + 1);
    assert!(told(&many).join("\n").contains("5000 are the most"));
    let matrix: Vec<String> = (0..50).map(|n| format!("\"p/m{n}\"")).collect();
    let tokens: Vec<String> = (1..=50).map(|n| n.to_string()).collect();
    let wide = case("repeat = 100\n")
        + EXPECT
        + &format!(
            "[matrix]\nmodels = [{}]\nmax_output_tokens = [{}]\n",
            matrix.join(","),
            tokens.join(",")
        );
    assert!(told(&wide).join("\n").contains("comes to 250000 attempts"));
    let defaults = format!(
        "format = 1\n[defaults]\ninput = \"{}\"\n",
        "x".repeat(100_000)
    ) + &(0..1_000)
        .map(|n| format!("[[case]]\nname = \"{n}\"\n{EXPECT}"))
        .collect::<String>();
    assert!(
        told(&defaults)
            .join("\n")
            .contains("the defaults are too large for 1000 cases")
    );
    let large = case(EXPECT) + &"#".repeat(MAX_SUITE_BYTES);
    assert!(told(&large)[0].contains("1024 KiB are the most"));
    // A table that many cases share is read once and kept once.
    let shared = "format = 1\n[defaults]\ninput = \"x\"\n".to_owned()
        + &(0..2_000)
            .map(|n| format!("[[case]]\nname = \"{n}\"\ntable = \"tests/t.csv\"\n{EXPECT}"))
            .collect::<String>();
    let table = "a\n1\n".to_owned() + &"2\n".repeat(49_000);
    let findings = parse_beside(&shared, &[("tests/t.csv", table.as_bytes())]).unwrap_err();
    assert!(findings[0].message.contains("attempts"), "{findings:?}");
}

#[test]
fn nesting_ends_in_a_finding() {
    let deep = 500_000;
    for source in [
        format!("a = {}", "[".repeat(deep)),
        format!("a = {}", "{a=".repeat(deep / 2)),
        "a.".repeat(deep / 2) + "a = 1",
        format!("[{}a]", "a.".repeat(deep / 2)),
        "[[a]]\n".repeat(deep / 6),
        "[a]\n".repeat(deep / 4),
        case(&format!(
            "[[case.expect]]\nequals = {}1{}\n",
            "[".repeat(1_000),
            "]".repeat(1_000)
        )),
    ] {
        assert!(parse(&source).is_err(), "{}", &source[..20]);
    }
}

#[test]
fn all_suites_of_a_package_are_found_and_each_is_read_alone() {
    let good = case(EXPECT);
    let files = package(&[
        ("tests/a.toml", good.as_bytes()),
        ("tests/b.toml", b"format ="),
        ("tests/c.md", b""),
        ("tests/files/d.toml", b""),
    ]);
    let all = with_tools(&files, &[], Suite::all);
    let found: Vec<(&str, bool)> = all
        .iter()
        .map(|(path, suite)| (path.as_str(), suite.is_ok()))
        .collect();
    assert_eq!(found, [("tests/a.toml", true), ("tests/b.toml", false)]);
    let (_, Err(findings)) = &all[1] else {
        panic!("it is not TOML")
    };
    assert_eq!(findings[0].file, "tests/b.toml");
}

/// The page that users read is true: each suite in it can be read, and each key is on it.
#[test]
fn the_page_of_the_format_is_true() {
    let page = include_str!("../../../../docs/tests.md");
    let suites: Vec<&str> = page
        .split("```toml\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .collect();
    assert_eq!(suites.len(), 3);
    for suite in suites {
        parse_beside(suite, &[("recordings/example.jsonl", b"{}")]).unwrap();
    }
    let keys = [
        keys::TOP,
        keys::CASE,
        keys::MATRIX,
        keys::FILE,
        keys::MOCK,
        crate::assertion::ALL_KEYS,
    ];
    for key in keys.concat() {
        let written = [
            format!("`{key}`"),
            format!("`[{key}]`"),
            format!("`[[{key}]]`"),
            format!("`[[case.{key}]]`"),
            format!("`{key} = "),
        ];
        assert!(
            written.iter().any(|written| page.contains(written)),
            "{key}"
        );
    }
}

proptest! {
    #[test]
    fn any_text_gives_a_suite_or_findings(text in "\\PC{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn any_value_of_any_key_gives_a_suite_or_findings(
        key in proptest::sample::select([keys::CASE, crate::assertion::HEADS].concat()),
        value in proptest::sample::select(vec![
            "1", "-1", "1.5", "nan", "inf", "true", "\"\"", "\"x\"", "[]", "[1]", "[\"x\"]", "{}",
            "{a=1}", "[{}]", "[[]]", "1979-05-27", "\"\\u0000\"", "9223372036854775807",
        ]),
        inside in any::<bool>(),
    ) {
        let line = format!("{key} = {value}\n");
        let source = if inside { case(&format!("[[case.expect]]\n{line}")) } else { case(&line) };
        if let Err(findings) = parse(&source) {
            prop_assert!(!findings.is_empty());
        }
    }
}
