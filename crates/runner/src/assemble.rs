//! From a version and what a person ordered to a run's fixed facts and its parts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use slipway_agent::package::Package;
use slipway_agent::package::manifest::ToolRef;
use slipway_agent::policy::Grants;
use slipway_agent::policy::rule::policy;
use slipway_agent::ports::model::Model;
use slipway_agent::ports::tool::Tool;
use slipway_agent::spec::{Limits, RunSpec, ToolSpec};
use slipway_contract::Usd;
use slipway_contract::message::Attachment;
use slipway_contract::model::ModelRef;
use slipway_contract::permission::Permission;
use slipway_contract::rule::Rule;
use slipway_contract::tool::{ApprovalPolicy, DeclaredEffect, Effect};

use crate::routes::{Chain, port};
use crate::{Origin, RunError, Runner, granted_by_origin};

/// What a person orders.
#[derive(Debug, Clone)]
pub struct Order {
    /// The version.
    pub package: Arc<Package>,
    /// Where it comes from.
    pub origin: Origin,
    /// The absolute folder from which its paths start.
    pub workdir: PathBuf,
    /// The absolute folder of the package's own `files/`, when they are not in the working folder.
    pub package_files: Option<PathBuf>,
    /// What the person says.
    pub message: Message,
    /// What goes with it.
    pub attachments: Vec<Attachment>,
    /// Another model than the package's.
    pub model: Option<ModelRef>,
    /// Other models to fall back to than the package's; none means the package's, unless another
    /// model was named.
    pub fallback: Option<Vec<ModelRef>>,
    /// Another budget than the package's.
    pub budget_usd: Option<Usd>,
    /// No budget at all, whatever the package says.
    pub unlimited: bool,
    /// What the person granted this package in this working folder before.
    pub granted: Vec<Permission>,
    /// What the person decided for good about this agent in this working folder.
    pub rules: Vec<Rule>,
    /// Grant, for this run, whatever the package asks for.
    pub grant_all: bool,
    /// Whether the run may use the network at all.
    pub network: bool,
    /// Who answers in the place of the model that is named, such as a recording that is read
    /// already.
    pub player: Option<Player>,
}

/// Who answers in a model's place.
#[derive(Clone)]
pub struct Player(pub Arc<dyn Model>);

impl std::fmt::Debug for Player {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Player")
    }
}

/// What the person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The first message of a conversation, which `[input]` describes.
    First(String),
    /// A further one, which is free text.
    Further(String),
    /// What was said to the run from a step of which this one goes on.
    Again(String),
}

/// A run that is ready to be started.
#[derive(Clone)]
pub struct Assembly {
    /// Its fixed facts.
    pub spec: RunSpec,
    pub(crate) model: Arc<dyn Model>,
    pub(crate) tools: Arc<[Arc<dyn Tool>]>,
    /// What the person must know before it starts, such as which models are left out.
    pub notes: Vec<String>,
}

impl Runner {
    /// Makes a run ready; nothing is started or stored.
    ///
    /// # Errors
    /// [`RunError::Model`] when no model can serve it, [`RunError::Input`] and [`RunError::Tool`]
    /// when the order does not fit the package.
    pub async fn assemble(&self, order: Order) -> Result<Assembly, RunError> {
        let manifest = order.package.manifest();
        let input = match order.message {
            Message::First(input) => checked_input(manifest.input.as_ref(), input)?,
            Message::Further(input) | Message::Again(input) => input,
        };
        let own = &manifest.model;
        let chain = Chain::chosen((&own.model, &own.fallback), order.model, order.fallback)?;
        let (chain, off_network) = match order.player {
            Some(_) => (chain, None),
            None => self.off_the_network(chain, order.network)?,
        };
        let workdir = text_of(&order.workdir)?;
        let folder = match &order.origin {
            Origin::Folder(folder) => Some(text_of(folder)?),
            Origin::Imported => None,
        };
        let package_files = order.package_files.as_deref().map(text_of).transpose()?;
        let place = (order.network, &*order.package, workdir.as_str());
        let mut blind = None;
        let (model, context_tokens, fallback) = match order.player {
            Some(Player(player)) => (player, None, Vec::new()),
            None => {
                let chain = chain.all().cloned().collect();
                let mut found = self.find_models(chain, place).await?;
                blind = self.able_to_take(&mut found, &order.attachments)?;
                let mut routes = found.iter().map(|candidate| self.route(candidate));
                let context_tokens = routes.next().and_then(|route| route.context_tokens);
                let fallback = routes.collect();
                (port(found), context_tokens, fallback)
            }
        };
        let (tools, tool_specs): (Vec<_>, Vec<_>) = self
            .tools_of(&order.package, &order.rules)?
            .into_iter()
            .unzip();
        let asked: Vec<Permission> = order
            .package
            .permissions()
            .into_iter()
            .filter(|permission| needs_granting(permission, &tool_specs))
            .filter(|permission| !is_own_file(permission, &order.workdir, &order.package_files))
            .filter(|permission| order.network || !matches!(permission, Permission::Network { .. }))
            .collect();
        let local = self.local_tools();
        let local: Vec<&str> = local.iter().map(String::as_str).collect();
        let mut granted = granted_by_origin(&asked, &order.origin, &order.workdir, &local);
        for permission in &asked {
            let known = order.grant_all || order.granted.contains(permission);
            if known && !granted.contains(permission) {
                granted.push(permission.clone());
            }
        }
        let missing = asked
            .into_iter()
            .filter(|permission| !granted.contains(permission))
            .collect();
        let spec = RunSpec {
            agent: manifest.agent.name.clone(),
            title: manifest.agent.title.clone(),
            version: order.package.content_hash(),
            behaviour: order.package.behaviour_hash(),
            temperature: manifest.model.temperature,
            reasoning: manifest.model.reasoning,
            tool_choice: manifest.model.tool_choice.clone(),
            attachments: order.attachments,
            fallback,
            context_tokens,
            max_output_tokens: manifest.model.max_output_tokens,
            instructions: order.package.instructions().to_owned(),
            tools: tool_specs,
            limits: Limits {
                budget_usd: order
                    .budget_usd
                    .or(manifest.limits.budget_usd)
                    .filter(|_| !order.unlimited),
                ..manifest.limits
            },
            output_schema: manifest.output.clone(),
            granted,
            missing,
            folder,
            package_files,
            network: order.network,
            workdir,
            input,
            model: chain.model,
        };
        Ok(Assembly {
            spec,
            model,
            tools: tools.into(),
            notes: off_network.into_iter().chain(blind).collect(),
        })
    }

    pub(crate) fn check_network(&self, network: bool, model: &ModelRef) -> Result<(), RunError> {
        if network || self.world().providers.stays_on_this_machine(model) {
            Ok(())
        } else {
            Err(RunError::NoNetwork(model.to_string()))
        }
    }

    fn tools_of(&self, package: &Package, rules: &[Rule]) -> Result<Equipment, RunError> {
        let entries = package.manifest().tools.iter();
        entries
            .map(|entry| {
                let ToolRef::BuiltIn(name) = &entry.tool else {
                    return Err(RunError::Tool(entry.tool.to_string()));
                };
                let tool = self
                    .tool(name)
                    .ok_or_else(|| RunError::Tool(name.clone()))?;
                let spec = ToolSpec {
                    definition: tool.definition().clone(),
                    approval: policy(rules, name, entry.approval),
                    reconciles: tool.reconciles(),
                };
                Ok((tool, spec))
            })
            .collect()
    }
}

/// The journal and the model know paths as text, and a changed path is another folder.
fn text_of(path: &Path) -> Result<String, RunError> {
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| RunError::Folder(path.to_path_buf()))
}

/// Each tool with the policy that the package asks for.
type Equipment = Vec<(Arc<dyn Tool>, ToolSpec)>;

/// A package's own files are no secret to it.
fn is_own_file(permission: &Permission, workdir: &Path, package_files: &Option<PathBuf>) -> bool {
    let (Permission::ReadFiles { path }, Some(files)) = (permission, package_files) else {
        return false;
    };
    let grants = Grants::new(workdir, &[]).with_package_files(files);
    Path::new(path).is_relative() && grants.resolve(path).starts_with(files)
}

/// To call a reading tool unasked needs no grant.
fn needs_granting(permission: &Permission, tools: &[ToolSpec]) -> bool {
    let Permission::Unasked { tool } = permission else {
        return true;
    };
    tools.iter().any(|spec| {
        spec.definition.name == *tool
            && spec.approval == Some(ApprovalPolicy::Allow)
            && spec.definition.effect != DeclaredEffect::Always(Effect::Read)
    })
}

/// The input as the model is given it. A schema of anything but a string takes JSON.
fn checked_input(schema: Option<&Value>, input: String) -> Result<String, RunError> {
    let Some(schema) = schema else {
        return Ok(input);
    };
    let validator =
        jsonschema::validator_for(schema).map_err(|error| RunError::Input(error.to_string()))?;
    if validator.is_valid(&Value::String(input.clone())) {
        return Ok(input);
    }
    let value: Value = serde_json::from_str(&input).map_err(|error| {
        RunError::Input(format!(
            "it is not JSON ({error}), and [input] asks for JSON"
        ))
    })?;
    let problems: Vec<String> = validator
        .iter_errors(&value)
        .take(5)
        .map(|error| {
            format!("{} {error}", error.instance_path())
                .trim()
                .to_owned()
        })
        .collect();
    if problems.is_empty() {
        Ok(input)
    } else {
        Err(RunError::Input(problems.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn inputs_are_checked_against_their_schema() {
        let object = json!({"type": "object", "required": ["month"]});
        assert!(checked_input(Some(&object), r#"{"month": "October"}"#.into()).is_ok());
        for wrong in ["October", "{}", ""] {
            let error = checked_input(Some(&object), wrong.into())
                .unwrap_err()
                .to_string();
            assert!(error.contains("[input]"), "{wrong:?}: {error}");
        }
        let text = json!({"type": "string", "minLength": 3});
        assert_eq!(
            checked_input(Some(&text), "October".into()).unwrap(),
            "October"
        );
        assert!(checked_input(Some(&text), "x".into()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_whose_path_is_no_text_is_refused() {
        use std::os::unix::ffi::OsStrExt as _;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/home/me/\xff"));
        let problem = text_of(path).unwrap_err().to_problem();
        assert!(problem.message.contains("not valid UTF-8"), "{problem}");
        assert_eq!(text_of(Path::new("/home/ä")).unwrap(), "/home/ä");
    }
}
