//! `[[tools]]`

use std::collections::BTreeMap;

use slipway_contract::tool::ApprovalPolicy;

use super::mcp::Servers;
use crate::package::document::{Reader, Section, Text, Wrong, nearest};
use crate::package::manifest::keys;
use crate::package::manifest::{ToolEntry, ToolRef};

pub(in crate::package::manifest) fn read(
    reader: &mut Reader<'_>,
    top: &Section<'_>,
    mcp: &Servers,
    known_tools: &[&str],
) -> Vec<ToolEntry> {
    let mut seen: BTreeMap<ToolRef, usize> = BTreeMap::new();
    let mut tools = Vec::new();
    for mut section in reader.tables(top, "tools") {
        reader.only(&mut section, keys::TOOL, &[]);
        reader.require(&section, "use", "use = \"calculator\"");
        let approval = reader.text(&section, "approval", Text::Line(20));
        let approval = approval.and_then(|found| reader.parsed_or(found, approval_policy));
        let Some(tool) = reader.text(&section, "use", Text::Line(200)) else {
            continue;
        };
        let Some(tool) = reader.parsed(tool, str::parse::<ToolRef>) else {
            continue;
        };
        if let Some(wrong) = missing(&tool.value, mcp, known_tools) {
            reader.report_wrong(&tool.span, &tool.key, wrong);
        }
        let line = reader.line(&tool.span);
        if let Some(first) = seen.get(&tool.value) {
            let message = format!("{} is listed twice; first on line {first}", tool.value);
            reader.report(&tool.span, &tool.key, &message);
            continue;
        }
        seen.insert(tool.value.clone(), line);
        tools.push(ToolEntry {
            tool: tool.value,
            approval: approval.map(|approval| approval.value),
        });
    }
    tools
}

fn missing(tool: &ToolRef, mcp: &Servers, known_tools: &[&str]) -> Option<Wrong> {
    let name = tool.to_string();
    let (what, meant) = match tool {
        ToolRef::Mcp { server, .. } if mcp.contains_key(server) => return None,
        ToolRef::Mcp { server, tool } => {
            let meant = nearest(server, mcp.keys().map(String::as_str));
            let meant = meant.map(|meant| format!("mcp:{meant}/{tool}"));
            (format!("there is no table `[mcp.{server}]`"), meant)
        }
        _ if known_tools.contains(&name.as_str()) => return None,
        _ => {
            let meant = nearest(&name, known_tools.iter().copied());
            (
                format!("there is no tool {name:?}"),
                meant.map(str::to_owned),
            )
        }
    };
    let message = match (&meant, tool) {
        (Some(meant), _) => format!("{what}; did you mean {meant:?}?"),
        (None, ToolRef::Mcp { .. }) => format!("{what}, which says how to reach that server"),
        (None, _) => format!("{what}; `slipway tools` lists them"),
    };
    Some(Wrong::new(message).meaning(meant.as_deref()))
}

fn approval_policy(text: &str) -> Result<ApprovalPolicy, Wrong> {
    match text {
        "allow" => Ok(ApprovalPolicy::Allow),
        "ask" => Ok(ApprovalPolicy::Ask),
        "deny" => Ok(ApprovalPolicy::Deny),
        other => {
            let meant = nearest(other, ["allow", "ask", "deny"]);
            let hint = meant.map(|meant| format!("; did you mean {meant:?}?"));
            let hint = hint.unwrap_or_default();
            let message = format!("expected \"allow\", \"ask\" or \"deny\", found {other:?}{hint}");
            Err(Wrong::new(message).meaning(meant))
        }
    }
}
