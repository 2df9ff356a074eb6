//! Suites as they are edited: by forms, or as text.

use slipway_agent::package::edit::ManifestText;
use slipway_agent::package::{PackagePath, hash};
use slipway_contract::draft::ManifestChange;
use slipway_contract::test::SuitePage;
use slipway_contract::{AgentName, ContentHash, ErrorCode, Problem};
use slipway_evals::generate::{Proposal, append};
use slipway_evals::suite::{Suite, Tested};

use crate::App;
use crate::drafts::no_such_file;

impl App {
    /// A suite, to be edited.
    ///
    /// # Errors
    /// There is no such agent or file.
    pub async fn suite_page(&self, agent: &AgentName, file: &str) -> Result<SuitePage, Problem> {
        let path = suite_path(file)?;
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        let bytes = present
            .files
            .get(file)
            .ok_or_else(|| no_such_file(agent, file))?;
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| {
            let message = format!("{file} is not UTF-8 text, so it cannot be edited here");
            Problem::new(ErrorCode::InvalidPackage, message)
        })?;
        let content = hash::content_of(bytes);
        let values = ManifestText::parse_file(file, &text)
            .ok()
            .and_then(|text| text.get(&[]));
        let recordings = present.files.recordings().map(str::to_owned).collect();
        let files = present.files.clone();
        let (findings, tools) = match self.package_of(files) {
            Ok(package) => {
                let tested = Tested::of(&package);
                let findings = Suite::parse(&path, &tested).err().unwrap_or_default();
                (findings, tested.tools)
            }
            // What is wrong with the rest of the package is told where that is edited.
            Err(_) => (Vec::new(), Vec::new()),
        };
        Ok(SuitePage {
            file: file.to_owned(),
            content,
            text,
            values,
            findings,
            tools,
            recordings,
        })
    }

    /// Makes a suite with a first case to be filled in.
    ///
    /// # Errors
    /// There is no such agent, or the title names no file.
    pub async fn create_suite(&self, agent: &AgentName, title: &str) -> Result<SuitePage, Problem> {
        let title = title.trim();
        if title.is_empty() || title.chars().count() > 100 || title.chars().any(char::is_control) {
            let message = "a suite's title is one line of at most 100 characters";
            return Err(Problem::new(ErrorCode::InvalidInput, message));
        }
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        let name = super::save::slug(title);
        let taken = |file: &str| present.files.get(file).is_some();
        let mut file = format!("tests/{name}.toml");
        let mut number = 1;
        while taken(&file) {
            number += 1;
            file = format!("tests/{name}-{number}.toml");
        }
        let text = format!(
            "format = 1\ntitle = {}\n\n[[case]]\nname = \"First case\"\ninput = \"Say what the person says.\"\n\n[[case.expect]]\nno_error = true\n",
            toml_edit::value(title).to_string().trim()
        );
        self.edit_draft(agent, None, &file, Some(text.into_bytes()))
            .await?;
        self.suite_page(agent, &file).await
    }

    /// Changes a suite by a form; its comments stay.
    ///
    /// # Errors
    /// As for a manifest; the file is no suite.
    pub async fn edit_suite(
        &self,
        agent: &AgentName,
        file: &str,
        changes: &[ManifestChange],
        seen: ContentHash,
    ) -> Result<SuitePage, Problem> {
        suite_path(file)?;
        self.edit_toml(agent, file, Some(seen), changes).await?;
        self.suite_page(agent, file).await
    }

    /// Adds cases that were proposed to a suite, which is made where there is none.
    ///
    /// # Errors
    /// One of them is no case, or the suite is no TOML.
    pub async fn add_cases(
        &self,
        agent: &AgentName,
        file: &str,
        cases: &[String],
    ) -> Result<SuitePage, Problem> {
        suite_path(file)?;
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        let before = present.files.get(file).unwrap_or_default();
        let before = String::from_utf8_lossy(before).into_owned();
        let seen = present.hash();
        let proposals: Vec<Proposal> = cases
            .iter()
            .enumerate()
            .map(|(number, toml)| Proposal {
                name: format!("case {}", number + 1),
                why: String::new(),
                toml: toml.clone(),
            })
            .collect();
        let text = append(&before, &proposals)
            .map_err(|error| Problem::new(ErrorCode::InvalidInput, error.to_string()))?;
        self.edit_draft(agent, Some(seen), file, Some(text.into_bytes()))
            .await?;
        self.suite_page(agent, file).await
    }
}

fn suite_path(file: &str) -> Result<PackagePath, Problem> {
    let below = file
        .strip_prefix("tests/")
        .and_then(|name| name.strip_suffix(".toml"));
    let path = file.parse::<PackagePath>();
    match (below, path) {
        (Some(name), Ok(path)) if !name.is_empty() && !name.contains('/') => Ok(path),
        _ => {
            let shown: String = file.chars().take(80).collect();
            let message = format!("{shown:?} is no suite: suites are files tests/NAME.toml");
            Err(Problem::new(ErrorCode::InvalidInput, message))
        }
    }
}
