//! What changes in meaning, in plain words: short enough to be read before a restore or an import.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde_json::Value;
use slipway_contract::model::{ModelRef, ReasoningEffort, ToolChoice};
use slipway_contract::permission::Permission;
use slipway_contract::tool::ApprovalPolicy;

use crate::package::files::Files;
use crate::package::manifest::{Manifest, McpServer};
use crate::package::path::{INSTRUCTIONS, MANIFEST};

pub(super) fn of(before: &Files, after: &Files, known_tools: &[&str]) -> Vec<String> {
    let mut said = Vec::new();
    if before.get(MANIFEST) != after.get(MANIFEST) {
        match (manifest(before, known_tools), manifest(after, known_tools)) {
            (Some(before), Some(after)) => compare(&before, &after, &mut said),
            (before, after) => {
                let when = match (before.is_some(), after.is_some()) {
                    (true, _) => "after",
                    (_, true) => "before",
                    _ => "before and after",
                };
                said.push(format!(
                    "agent.toml is not valid {when}, so that what changes in it is only in its text"
                ));
            }
        }
    }
    if before.get(INSTRUCTIONS) != after.get(INSTRUCTIONS) {
        said.push("the instructions change".to_owned());
    }
    said
}

fn manifest(files: &Files, known_tools: &[&str]) -> Option<Manifest> {
    let text = std::str::from_utf8(files.get(MANIFEST)?).ok()?;
    let recordings: Vec<&str> = files.recordings().collect();
    Manifest::parse(text, known_tools, &recordings).ok()
}

fn compare(before: &Manifest, after: &Manifest, said: &mut Vec<String>) {
    let (was, is) = (&before.agent, &after.agent);
    value(said, "name", Some(&was.name), Some(&is.name));
    value(said, "title", Some(&was.title), Some(&is.title));
    let (was, is) = (&before.model, &after.model);
    value(said, "model", Some(&was.model), Some(&is.model));
    let stand_ins = |names: &[ModelRef]| {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        (!names.is_empty()).then(|| names.join(", then "))
    };
    value(
        said,
        "fallback",
        stand_ins(&was.fallback).as_ref(),
        stand_ins(&is.fallback).as_ref(),
    );
    value(
        said,
        "reasoning",
        was.reasoning.map(effort).as_ref(),
        is.reasoning.map(effort).as_ref(),
    );
    value(
        said,
        "tool choice of the first call",
        was.tool_choice.as_ref().map(choice).as_ref(),
        is.tool_choice.as_ref().map(choice).as_ref(),
    );
    value(
        said,
        "temperature",
        was.temperature.as_ref(),
        is.temperature.as_ref(),
    );
    value(
        said,
        "most tokens of an answer",
        was.max_output_tokens.as_ref(),
        is.max_output_tokens.as_ref(),
    );
    let (was, is) = (&before.limits, &after.limits);
    value(
        said,
        "most steps",
        Some(&was.max_steps),
        Some(&is.max_steps),
    );
    let usd = |limit: Option<slipway_contract::Usd>| limit.map(|limit| format!("${limit}"));
    value(
        said,
        "budget",
        usd(was.budget_usd).as_ref(),
        usd(is.budget_usd).as_ref(),
    );
    let seconds = |ms: Option<u64>| ms.map(|ms| format!("{} s", ms / 1000));
    value(
        said,
        "timeout",
        seconds(was.timeout_ms).as_ref(),
        seconds(is.timeout_ms).as_ref(),
    );
    value(
        said,
        "approval timeout",
        seconds(was.approval_timeout_ms).as_ref(),
        seconds(is.approval_timeout_ms).as_ref(),
    );
    tools(before, after, said);
    permissions(&before.permissions(), &after.permissions(), said);
    servers(&before.mcp, &after.mcp, said);
    schema(said, "input", before.input.as_ref(), after.input.as_ref());
    schema(
        said,
        "output",
        before.output.as_ref(),
        after.output.as_ref(),
    );
}

const fn effort(effort: ReasoningEffort) -> &'static str {
    match effort {
        ReasoningEffort::Off => "off",
        ReasoningEffort::Low => "low",
        ReasoningEffort::Medium => "medium",
        ReasoningEffort::High => "high",
    }
}

fn choice(choice: &ToolChoice) -> &str {
    match choice {
        ToolChoice::Auto => "as the model sees fit",
        ToolChoice::None => "no tool",
        ToolChoice::Required => "any tool",
        ToolChoice::Tool(name) => name,
    }
}

fn value<T: Display + PartialEq>(
    said: &mut Vec<String>,
    what: &str,
    before: Option<&T>,
    after: Option<&T>,
) {
    if before == after {
        return;
    }
    let shown = |value: Option<&T>| value.map_or_else(|| "none".to_owned(), ToString::to_string);
    said.push(format!("{what}: {} → {}", shown(before), shown(after)));
}

fn tools(before: &Manifest, after: &Manifest, said: &mut Vec<String>) {
    let by_name = |manifest: &Manifest| -> BTreeMap<String, Option<ApprovalPolicy>> {
        let tools = manifest.tools.iter();
        tools
            .map(|entry| (entry.tool.to_string(), entry.approval))
            .collect()
    };
    let (was, is) = (by_name(before), by_name(after));
    for (tool, approval) in &is {
        match was.get(tool) {
            None => said.push(format!("new tool: {tool} ({})", policy(*approval))),
            Some(old) if old == approval => {}
            Some(old) => said.push(format!(
                "approval of {tool}: {} → {}",
                policy(*old),
                policy(*approval)
            )),
        }
    }
    for tool in was.keys().filter(|tool| !is.contains_key(*tool)) {
        said.push(format!("no tool any more: {tool}"));
    }
}

const fn policy(approval: Option<ApprovalPolicy>) -> &'static str {
    match approval {
        None => "asks before it changes anything",
        Some(ApprovalPolicy::Allow) => "wants to be allowed",
        Some(ApprovalPolicy::Ask) => "asks each time",
        Some(ApprovalPolicy::Deny) => "never",
    }
}

fn permissions(before: &[Permission], after: &[Permission], said: &mut Vec<String>) {
    // A tool that wants to be allowed was told with the tools.
    let told = |permission: &&Permission| !matches!(permission, Permission::Unasked { .. });
    for permission in after.iter().filter(told) {
        if !before.contains(permission) {
            said.push(format!("asks for more: {permission}"));
        }
    }
    for permission in before.iter().filter(told) {
        if !after.contains(permission) {
            said.push(format!("asks no more: {permission}"));
        }
    }
}

fn servers(
    before: &BTreeMap<String, McpServer>,
    after: &BTreeMap<String, McpServer>,
    said: &mut Vec<String>,
) {
    for (name, server) in after {
        match before.get(name) {
            None => said.push(format!("new MCP server: {name}")),
            Some(old) if old == server => {}
            Some(_) => said.push(format!("the MCP server {name} is reached in another way")),
        }
    }
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        said.push(format!("no MCP server any more: {name}"));
    }
}

fn schema(said: &mut Vec<String>, which: &str, before: Option<&Value>, after: Option<&Value>) {
    match (before, after) {
        (None, Some(_)) => said.push(format!("the {which} must fit a schema now")),
        (Some(_), None) => said.push(format!("the {which} needs to fit no schema any more")),
        (Some(before), Some(after)) if before != after => {
            said.push(format!("the schema of the {which} changes"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::testing::files;

    const HEAD: &str = "format = 1\n[agent]\nname = \"clerk\"\n";

    fn package(rest: &str) -> Files {
        let toml = format!("{HEAD}{rest}");
        files(&[("agent.toml", toml.as_bytes()), ("instructions.md", b"Do.")])
    }

    #[test]
    fn what_decides_is_said_in_plain_words() {
        let before = package(
            "[model]\nuse = \"local/a\"\n[limits]\nbudget_usd = \"0.50\"\nmax_steps = 5\n\
             [[tools]]\nuse = \"read_file\"\n[[tools]]\nuse = \"clock\"\n\
             [permissions]\nfiles = [\"read:./in\"]\nnetwork = [\"api.example.com\"]\n",
        );
        let after = package(
            "[model]\nuse = \"local/b\"\ntemperature = 0.5\n[limits]\nmax_steps = 9\ntimeout = \"2m\"\n\
             [[tools]]\nuse = \"read_file\"\napproval = \"deny\"\n[[tools]]\nuse = \"write_file\"\napproval = \"allow\"\n\
             [permissions]\nfiles = [\"read:./in\", \"write:./out\"]\n[output]\ntype = \"object\"\n",
        );
        assert_eq!(
            of(&before, &after, &["read_file", "write_file", "clock"]),
            [
                "model: local/a → local/b",
                "temperature: none → 0.5",
                "most steps: 5 → 9",
                "budget: $0.5 → none",
                "timeout: none → 120 s",
                "approval of read_file: asks before it changes anything → never",
                "new tool: write_file (wants to be allowed)",
                "no tool any more: clock",
                "asks for more: read and write files in ./out",
                "asks no more: connect to api.example.com",
                "the output must fit a schema now",
            ]
        );
    }

    #[test]
    fn how_the_model_is_asked_is_said() {
        let before = package("[model]\nuse = \"local/a\"\nreasoning = \"low\"\n");
        let after = package(
            "[model]\nuse = \"local/a\"\nfallback = [\"openai/b\", \"local/c\"]\nreasoning = \"high\"\n\
             tool_choice = \"none\"\n",
        );
        assert_eq!(
            of(&before, &after, &[]),
            [
                "fallback: none → openai/b, then local/c",
                "reasoning: low → high",
                "tool choice of the first call: none → no tool",
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let good = package("[model]\nuse = \"local/a\"\n");
        let bad = package("[model]\n");
        let said = of(&good, &bad, &[]);
        assert_eq!(said.len(), 1);
        assert!(said[0].contains("not valid after"), "{said:?}");
        assert!(of(&bad, &good, &[])[0].contains("not valid before,"));
    }
}
