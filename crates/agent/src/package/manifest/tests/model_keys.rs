//! `[model]`: who stands in, how much it reasons, whether it must call tools.

use slipway_contract::model::{ReasoningEffort, ToolChoice};

use super::*;

#[test]
fn what_the_model_is_asked_for() {
    let text = format!(
        "{MINIMAL}fallback = [\"openai/gpt-5-mini\", \"local/other\"]\nreasoning = \"off\"\n\
         tool_choice = \"mcp:files/read\"\n[mcp.files]\ncommand = \"x\"\n[[tools]]\nuse = \"mcp:files/read\"\n"
    );
    let model = right(&text).model;
    let names: Vec<String> = model.fallback.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["openai/gpt-5-mini", "local/other"]);
    assert_eq!(model.reasoning, Some(ReasoningEffort::Off));
    let tool = ToolChoice::Tool("mcp:files/read".to_owned());
    assert_eq!(model.tool_choice, Some(tool));
    for (word, choice) in [
        ("auto", ToolChoice::Auto),
        ("none", ToolChoice::None),
        ("required", ToolChoice::Required),
        ("clock", ToolChoice::Tool("clock".to_owned())),
    ] {
        let text = format!("{MINIMAL}tool_choice = \"{word}\"\n[[tools]]\nuse = \"clock\"\n");
        assert_eq!(right(&text).model.tool_choice, Some(choice));
    }
    let silent = right(MINIMAL).model;
    assert!(silent.fallback.is_empty());
    assert_eq!((silent.reasoning, silent.tool_choice), (None, None));
}

#[test]
fn eight_models_may_stand_in_and_no_more() {
    let list = |count: usize| {
        let names: Vec<String> = (0..count).map(|n| format!("\"local/m{n}\"")).collect();
        format!("fallback = [{}]\n", names.join(", "))
    };
    assert_eq!(
        right(&format!("{MINIMAL}{}", list(8))).model.fallback.len(),
        8
    );
    assert_snapshot!(wrong_with(&list(12)), @r#"agent.toml:6:109: model.fallback[8]: is one more than the 8 models that may stand in"#);
}

#[test]
fn what_makes_no_sense_is_named_where_it_stands() {
    assert_snapshot!(wrong_with(r#"falback = []
fallback = [
  "local/any",
  "local/b",
  "local/b",
  "recording/october",
  "gpt-5",
]
reasoning = "lots"
tool_choice = "calcluator"
[[tools]]
use = "calculator"
"#), @r#"
    agent.toml:6:1: model.falback: unknown key; did you mean `fallback`?
    agent.toml:8:3: model.fallback[0]: is the model itself
    agent.toml:10:3: model.fallback[2]: is listed twice
    agent.toml:11:3: model.fallback[3]: is a recording, which cannot stand in for a model
    agent.toml:12:3: model.fallback[4]: model "gpt-5" is not valid: provider/model, such as openai/gpt-5-mini, local/llama3.2 or recording/october
    agent.toml:14:13: model.reasoning: expected one of "off", "low", "medium", "high", found "lots"
    agent.toml:15:15: model.tool_choice: expected "auto", "none", "required" or the name of one of [[tools]], found "calcluator"; did you mean "calculator"?
    "#);
    assert_snapshot!(wrong_with("fallback = \"local/b\"\nreasoning = true\ntool_choice = 3\n"), @r#"
    agent.toml:6:12: model.fallback: expected a list, found the string "local/b"
    agent.toml:7:13: model.reasoning: expected a string, found the boolean true
    agent.toml:8:15: model.tool_choice: expected a string, found the integer 3
    "#);
    assert_snapshot!(wrong_with("tool_choice = \"required\"\n"), @"agent.toml:6:15: model.tool_choice: the agent has no tools: add one with [[tools]], or leave this out");
    let recorded = MINIMAL.replace("local/any", "recording/october");
    assert_snapshot!(wrong(&format!("{recorded}fallback = [\"local/b\"]\n")), @"agent.toml:6:13: model.fallback[0]: cannot stand in for recording/october: a recording answers, or the run ends");
}
