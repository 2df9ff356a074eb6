//! `[mcp.NAME]`

use std::collections::BTreeMap;

use crate::package::document::{Reader, Section, Text};
use crate::package::manifest::tool_ref::is_name;
use crate::package::manifest::{Host, McpServer, keys};

/// The servers by name; none for one whose table is wrong, so that tools may still refer to it.
pub(in crate::package::manifest) type Servers = BTreeMap<String, Option<McpServer>>;

const MAX_SERVERS: usize = 100;

pub(in crate::package::manifest) fn read(reader: &mut Reader<'_>, top: &Section<'_>) -> Servers {
    let mut servers = BTreeMap::new();
    let Some(section) = reader.table(top, "mcp") else {
        return servers;
    };
    for (count, (name, found)) in section.iter().enumerate() {
        if count == MAX_SERVERS {
            let message = format!("there are more than {MAX_SERVERS} servers");
            reader.report(&found.span, &found.key, &message);
            break;
        }
        if !is_name(name) {
            let message = format!(
                "expected a name of lower-case letters, digits, `_` and `-`, at most 64, found {name:?}"
            );
            reader.report(&found.span, &found.key, &message);
        }
        let server = reader
            .as_table(&found)
            .and_then(|section| server(reader, section));
        servers.insert(name.to_owned(), server);
    }
    servers
}

fn server(reader: &mut Reader<'_>, mut section: Section<'_>) -> Option<McpServer> {
    reader.only(&mut section, keys::MCP, &[]);
    let (command, url) = (section.get("command"), section.get("url"));
    let wrong = match (
        command.is_some(),
        url.is_some(),
        section.get("args").is_some(),
    ) {
        (true, true, _) => "has `command` and `url`: a server is a program or an address",
        (false, false, _) if reader.lacks(&section, "command") && reader.lacks(&section, "url") => {
            "needs `command` (and `args`) for a program, or `url` for a server that speaks HTTP"
        }
        (false, true, true) => "has `args`, which only a `command` can take",
        _ => "",
    };
    if !wrong.is_empty() {
        reader.report(&section.span, &section.key, wrong);
    }
    let args = reader.texts(&section, "args", Text::MaybeEmpty(4000));
    if url.is_some() {
        let url = reader.text(&section, "url", Text::Line(2000))?;
        let text = url.value.to_owned();
        let host = reader.parsed(url, Host::of_url)?;
        return Some(McpServer::Http {
            url: text,
            host: host.value,
        });
    }
    let command = reader.text(&section, "command", Text::Line(1000))?;
    Some(McpServer::Command {
        command: command.value.to_owned(),
        args: args.into_iter().map(|arg| arg.value.to_owned()).collect(),
    })
}
