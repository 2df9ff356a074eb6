//! How a package names a tool.

use std::fmt;
use std::str::FromStr;

/// A tool by what `use` says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ToolRef {
    /// `calculator`: built in.
    BuiltIn(String),
    /// `slack.post_message`: of an integration.
    Integration {
        /// The integration.
        integration: String,
        /// What it does there.
        action: String,
    },
    /// `mcp:files/read_text_file`: of an MCP server.
    Mcp {
        /// The server's name, as in `[mcp.NAME]`.
        server: String,
        /// The tool's name on that server.
        tool: String,
    },
}

impl fmt::Display for ToolRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(name) => f.write_str(name),
            Self::Integration {
                integration,
                action,
            } => write!(f, "{integration}.{action}"),
            Self::Mcp { server, tool } => write!(f, "mcp:{server}/{tool}"),
        }
    }
}

impl FromStr for ToolRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("expected a tool such as \"calculator\" or \"mcp:SERVER/TOOL\", found {text:?}")
        };
        if let Some(mcp) = text.strip_prefix("mcp:") {
            let (server, tool) = mcp.split_once('/').ok_or_else(wrong)?;
            let plain = |c: char| !c.is_whitespace() && !c.is_control();
            if !is_name(server) || tool.is_empty() || tool.len() > 128 || !tool.chars().all(plain) {
                return Err(wrong());
            }
            return Ok(Self::Mcp {
                server: server.to_owned(),
                tool: tool.to_owned(),
            });
        }
        match text.split_once('.') {
            Some((integration, action)) if is_name(integration) && is_name(action) => {
                Ok(Self::Integration {
                    integration: integration.to_owned(),
                    action: action.to_owned(),
                })
            }
            None if is_name(text) => Ok(Self::BuiltIn(text.to_owned())),
            _ => Err(wrong()),
        }
    }
}

/// Lower-case letters, digits, `_` and `-`, beginning with a letter, at most 64.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_text_and_others_are_refused() {
        for good in [
            "calculator",
            "read_file",
            "slack.post_message",
            "mcp:files/Read.Text-1/x",
        ] {
            let tool: ToolRef = good.parse().unwrap();
            assert_eq!(tool.to_string(), good);
        }
        for bad in [
            "",
            "Calculator",
            "a b",
            "mcp:",
            "mcp:files",
            "mcp:/x",
            "mcp:files/",
            "mcp:Files/x",
            "a.b.c",
            ".b",
            "a.",
            "mcp:files/a b",
            "rm -rf",
            "../x",
        ] {
            assert!(bad.parse::<ToolRef>().is_err(), "{bad:?} names no tool");
        }
    }
}
