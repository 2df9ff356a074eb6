//! Rules: what a person decided for good. Made with an answer, listed, taken back.

use std::collections::BTreeMap;
use std::sync::Arc;

use slipway_agent::policy::binding;
use slipway_agent::policy::rule::{Verdict, covers, suggestions, verdict};
use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::random::Random;
use slipway_agent::spec::RunSpec;
use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};
use slipway_contract::rule::{ArgumentPattern, Rule, Ruling};
use slipway_contract::tool::ToolDefinition;
use slipway_contract::{
    AgentName, ContentHash, ErrorCode, Problem, RuleId, RunId, StepId, Timestamp,
};
use slipway_store::{AgentSource, Store, StoreError};

use crate::problem::from_store;
use crate::runs::source_of;
use crate::target::text_of;
use crate::{App, Target};

/// What a person said to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The answer.
    pub answer: Answer,
    /// Which arguments get the same answer from now on, without asking.
    pub always: Option<ArgumentPattern>,
}

impl Said {
    /// The answer to this question alone.
    #[must_use]
    pub const fn once(answer: Answer) -> Self {
        Self {
            answer,
            always: None,
        }
    }
}

/// A policy that is stricter than what a package wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stricter {
    /// Ask each time.
    Ask,
    /// Never call it.
    Deny,
}

/// The patterns that a person may choose from to answer such questions for good.
#[must_use]
pub fn choices(approval: &Approval) -> Vec<ArgumentPattern> {
    match &approval.question {
        Question::Call { arguments, .. } => suggestions(arguments),
        _ => Vec::new(),
    }
}

impl App {
    /// All rules, or those of one agent, newest first; with those that were taken back where
    /// `revoked` says so.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn list_rules(
        &self,
        agent: Option<&AgentName>,
        revoked: bool,
    ) -> Result<Vec<Rule>, Problem> {
        self.store()
            .rules(agent, revoked)
            .await
            .map_err(|error| from_store(&error))
    }

    /// The rule whose id begins with this text, also one that was taken back.
    ///
    /// # Errors
    /// There is none, or there are several.
    pub async fn find_rule(&self, prefix: &str) -> Result<Rule, Problem> {
        let wanted = prefix.to_ascii_lowercase();
        let mut rules = self.list_rules(None, true).await?;
        rules.retain(|rule| !wanted.is_empty() && rule.id.to_string().starts_with(&wanted));
        let shown: String = prefix.chars().take(40).collect();
        match <[Rule; 1]>::try_from(rules) {
            Ok([rule]) => Ok(rule),
            Err(none) if none.is_empty() => Err(Problem::new(
                ErrorCode::NotFound,
                format!("there is no rule {shown:?}"),
            )
            .help("`slipway rules` lists them.")),
            Err(several) => Err(Problem::new(
                ErrorCode::InvalidInput,
                format!("{} rules begin with {shown:?}", several.len()),
            )
            .help("Write more digits.")),
        }
    }

    /// Takes a rule back, for good. A run that is at work asks again from its next question on.
    ///
    /// # Errors
    /// It was taken back before, or the database cannot be written.
    pub async fn remove_rule(&self, rule: RuleId) -> Result<(), Problem> {
        let now = self.runner().world().clock.now();
        let revoked = self.store().revoke_rule(rule, now).await;
        if revoked.map_err(|error| from_store(&error))? {
            return Ok(());
        }
        let message = format!("the rule {} is not in force", rule.short());
        Err(Problem::new(ErrorCode::WrongState, message)
            .help("`slipway rules --all` also lists the rules that were taken back."))
    }

    /// Makes an agent ask before each call of a tool, or never call it, whatever its package says.
    ///
    /// # Errors
    /// There is no such agent, or it does not have this tool.
    pub async fn add_rule(
        &self,
        target: &Target,
        tool: &str,
        stricter: Stricter,
    ) -> Result<Rule, Problem> {
        let found = self.find(target, None).await?;
        let manifest = found.package.manifest();
        let mut names = manifest.tools.iter().map(|entry| entry.tool.to_string());
        if !names.any(|name| name == tool) {
            let message = format!("{} has no tool named {tool:?}", manifest.agent.name);
            let names: Vec<String> = manifest.tools.iter().map(|t| t.tool.to_string()).collect();
            return Err(Problem::new(ErrorCode::NotFound, message)
                .help(format!("Its tools are: {}.", names.join(", "))));
        }
        let folder = found.folder().map(text_of).transpose()?;
        let owner = Owner {
            agent: manifest.agent.name.clone(),
            folder: folder.map(str::to_owned),
            workdir: text_of(&found.workdir)?.to_owned(),
            behaviour: found.package.behaviour_hash(),
        };
        let ruling = match stricter {
            Stricter::Ask => Ruling::Ask {},
            Stricter::Deny => Ruling::Deny { arguments: None },
        };
        self.maker().make(&owner, tool.to_owned(), ruling).await
    }

    /// The tools that rules keep a run from using, whatever the arguments, as the rules were at
    /// this time, and by which rule.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn denied_tools(
        &self,
        spec: &RunSpec,
        at: Timestamp,
    ) -> Result<BTreeMap<String, RuleId>, Problem> {
        let rules = self.list_rules(Some(&spec.agent), true).await?;
        let denying = rules.into_iter().filter(|rule| {
            rule.folder == spec.folder
                && rule.workdir == spec.workdir
                && rule.made_at <= at
                && rule.revoked_at.is_none_or(|revoked| revoked > at)
                && rule.ruling == Ruling::Deny { arguments: None }
        });
        Ok(denying.map(|rule| (rule.tool, rule.id)).collect())
    }

    /// The patterns that a person may choose from to answer this question for good.
    ///
    /// # Errors
    /// The run asks no such thing.
    pub async fn rule_choices(
        &self,
        run: RunId,
        step: StepId,
    ) -> Result<Vec<ArgumentPattern>, Problem> {
        Ok(choices(&self.question(run, Some(step)).await?))
    }

    pub(crate) fn rules_of(&self, spec: &RunSpec) -> RuleBook {
        RuleBook {
            maker: self.maker(),
            owner: Owner {
                agent: spec.agent.clone(),
                folder: spec.folder.clone(),
                workdir: spec.workdir.clone(),
                behaviour: spec.behaviour,
            },
            tools: spec
                .tools
                .iter()
                .map(|tool| tool.definition.clone())
                .collect(),
        }
    }

    fn maker(&self) -> Maker {
        let runner = self.runner();
        let world = runner.world();
        Maker {
            store: self.store().clone(),
            clock: world.clock.clone(),
            random: world.random.clone(),
        }
    }
}

/// Makes rules.
#[derive(Clone)]
struct Maker {
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// For whom a rule is made.
#[derive(Clone)]
struct Owner {
    agent: AgentName,
    folder: Option<String>,
    workdir: String,
    behaviour: ContentHash,
}

impl Maker {
    async fn make(&self, owner: &Owner, tool: String, ruling: Ruling) -> Result<Rule, Problem> {
        let mut id = [0; 10];
        self.random.fill(&mut id);
        let rule = Rule {
            id: RuleId::from_random(id),
            agent: owner.agent.clone(),
            folder: owner.folder.clone(),
            workdir: owner.workdir.clone(),
            tool,
            ruling,
            made_at: self.clock.now(),
            revoked_at: None,
        };
        let kept = self.store.add_rule(&rule, owner.behaviour).await;
        if kept.map_err(|error| from_store(&error))? {
            return Ok(rule);
        }
        let message = format!(
            "no rule was made: the package of {} that asks is not the one that is here any more, or it has a thousand rules already",
            owner.agent
        );
        Err(Problem::new(ErrorCode::Conflict, message).help(
            "Answer this question alone, or remove rules that nobody needs: `slipway rules`.",
        ))
    }
}

/// The rules that hold for one run, as they are whenever it asks.
#[derive(Clone)]
pub(crate) struct RuleBook {
    maker: Maker,
    owner: Owner,
    tools: Vec<ToolDefinition>,
}

impl RuleBook {
    /// What the rules answer to this question, as they are now.
    pub(crate) async fn answer(
        &self,
        approval: &Approval,
    ) -> Result<Option<(Answer, AnsweredBy)>, StoreError> {
        let Question::Call {
            tool, arguments, ..
        } = &approval.question
        else {
            return Ok(None);
        };
        let Some(definition) = self.definition(tool, arguments, approval.binding) else {
            return Ok(None);
        };
        let rules = self.rules().await?;
        Ok(
            verdict(&rules, definition, arguments).map(|verdict| match verdict {
                Verdict::Allow(rule) => (Answer::Approve, AnsweredBy::Rule { rule }),
                Verdict::Deny(rule) => (denied(rule), AnsweredBy::Rule { rule }),
            }),
        )
    }

    async fn rules(&self) -> Result<Vec<Rule>, StoreError> {
        let Owner {
            agent,
            folder,
            workdir,
            behaviour,
        } = &self.owner;
        let source = source_of(folder.as_deref());
        let store = &self.maker.store;
        store.rules_for(agent, &source, workdir, *behaviour).await
    }

    /// The tool that is asked about, if the question is about exactly it.
    fn definition(
        &self,
        tool: &str,
        arguments: &serde_json::Value,
        asked: ContentHash,
    ) -> Option<&ToolDefinition> {
        let mut tools = self.tools.iter();
        tools
            .find(|definition| definition.name == tool)
            .filter(|definition| binding::of_call(definition, arguments) == asked)
    }

    /// Makes the rule that a person wants with their answer, and answers as it does.
    ///
    /// # Errors
    /// The pattern does not cover what was asked, or the rule cannot be kept.
    pub(crate) async fn make(
        &self,
        approval: &Approval,
        answer: &Answer,
        arguments: ArgumentPattern,
    ) -> Result<AnsweredBy, Problem> {
        let no_rule = |message: &str| Problem::new(ErrorCode::InvalidInput, message);
        let Question::Call {
            tool,
            arguments: asked,
            ..
        } = &approval.question
        else {
            return Err(no_rule("only a tool call can be answered for good"));
        };
        if !covers(&arguments, asked) {
            let message = format!("the pattern does not cover what was asked: {arguments}");
            return Err(no_rule(&message).help(
                "Name each field of the arguments: a value, a text in which * stands for a part of a name, or anything.",
            ));
        }
        let Some(definition) = self.definition(tool, asked, approval.binding) else {
            return Err(no_rule(
                "the tool is not what it was when it was asked about",
            ));
        };
        let ruling = match answer {
            Answer::Approve => Ruling::Allow {
                arguments,
                definition: binding::of_definition(definition),
            },
            Answer::Deny { .. } => Ruling::Deny {
                arguments: Some(arguments),
            },
            _ => return Err(no_rule("a rule allows or denies")),
        };
        let rule = self.maker.make(&self.owner, tool.clone(), ruling).await?;
        Ok(AnsweredBy::Rule { rule: rule.id })
    }
}

/// The rules of this source, for a run that is being planned.
pub(crate) async fn rules_for(
    store: &Store,
    agent: &AgentName,
    source: &AgentSource,
    workdir: &str,
    behaviour: ContentHash,
) -> Result<Vec<Rule>, Problem> {
    store
        .rules_for(agent, source, workdir, behaviour)
        .await
        .map_err(|error| from_store(&error))
}

fn denied(rule: RuleId) -> Answer {
    Answer::Deny {
        reason: format!("a rule says no ({})", rule.short()),
    }
}
