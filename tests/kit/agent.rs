//! Small agents to run.

use super::Desk;

/// A package that is written into a desk's folder.
pub(crate) struct Agent {
    name: &'static str,
    model: &'static str,
    fallback: Vec<&'static str>,
    tools: Vec<(&'static str, Option<&'static str>)>,
    permissions: String,
    rest: String,
}

impl Agent {
    /// An agent that reads in `in/`, writes in `out/`, and asks before it writes.
    pub(crate) fn clerk() -> Self {
        Self {
            name: "clerk",
            model: "openai/gpt-5-mini",
            fallback: Vec::new(),
            tools: vec![("read_file", None), ("write_file", None)],
            permissions: "files = [\"read:./in\", \"write:./out\"]".to_owned(),
            rest: String::new(),
        }
    }

    /// The same, allowed to call this tool unasked.
    pub(crate) fn allowing(mut self, tool: &'static str) -> Self {
        self.tools.retain(|(name, _)| *name != tool);
        self.tools.push((tool, Some("allow")));
        self
    }

    /// The same, asking for these permissions instead.
    pub(crate) fn permissions(mut self, line: &str) -> Self {
        line.clone_into(&mut self.permissions);
        self
    }

    /// The same, asking these models when its own fails for good.
    pub(crate) fn falling_back_to(mut self, models: &[&'static str]) -> Self {
        self.fallback = models.to_vec();
        self
    }

    /// The same, with more tables.
    pub(crate) fn and(mut self, toml: &str) -> Self {
        self.rest.push_str(toml);
        self
    }

    /// Writes the package to a folder named after the agent, with a file to read.
    pub(crate) fn at(self, desk: &Desk) -> &'static str {
        let Self {
            name,
            model,
            fallback,
            tools,
            permissions,
            rest,
        } = self;
        let mut toml = format!(
            "format = 1\n\n[agent]\nname = \"{name}\"\ntitle = \"The clerk\"\n\n[model]\nuse = \"{model}\"\n"
        );
        if !fallback.is_empty() {
            toml.push_str(&format!("fallback = {fallback:?}\n"));
        }
        for (tool, approval) in tools {
            toml.push_str(&format!("\n[[tools]]\nuse = \"{tool}\"\n"));
            if let Some(approval) = approval {
                toml.push_str(&format!("approval = \"{approval}\"\n"));
            }
        }
        toml.push_str(&format!("\n[permissions]\n{permissions}\n\n{rest}"));
        desk.write(format!("{name}/agent.toml"), toml);
        desk.write(
            format!("{name}/instructions.md"),
            "Copy what you are told to copy.\n",
        );
        desk.write(
            format!("{name}/in/a.txt"),
            "the first line\nthe second line\n",
        );
        desk.write(format!("{name}/in/b.txt"), "another file\n");
        "./clerk"
    }
}
