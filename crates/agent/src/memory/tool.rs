//! A tool that does what a closure says.

use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use super::lock;
use crate::ports::tool::{Found, Invocation, Tool, ToolError};

type Reconcile = dyn Fn(&Invocation) -> Found + Send + Sync;

type Call = dyn Fn(Invocation) -> Pin<Box<dyn Future<Output = Result<Value, ToolError>> + Send>>
    + Send
    + Sync;

/// A tool that does what a closure says and remembers its calls.
pub struct ScriptedTool {
    definition: ToolDefinition,
    timeout: Duration,
    call: Box<Call>,
    reconcile: Option<Box<Reconcile>>,
    calls: Mutex<Vec<Invocation>>,
    dropped: Mutex<u32>,
}

impl ScriptedTool {
    /// A tool whose calls end at once.
    pub fn new(
        definition: ToolDefinition,
        call: impl Fn(&Invocation) -> Result<Value, ToolError> + Send + Sync + 'static,
    ) -> Self {
        Self::with(definition, move |invocation| {
            std::future::ready(call(&invocation))
        })
    }

    /// A tool whose calls take their time.
    pub fn with<F>(
        definition: ToolDefinition,
        call: impl Fn(Invocation) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Value, ToolError>> + Send + 'static,
    {
        Self {
            definition,
            timeout: Duration::from_secs(60),
            call: Box::new(move |invocation| Box::pin(call(invocation))),
            reconcile: None,
            calls: Mutex::default(),
            dropped: Mutex::default(),
        }
    }

    /// A tool whose calls return their own arguments.
    #[must_use]
    pub fn echo(name: &str, effect: Effect) -> Self {
        Self::new(definition(name, effect), |invocation| {
            Ok(invocation.arguments.clone())
        })
    }

    /// A tool whose calls never end.
    #[must_use]
    pub fn hanging(name: &str, effect: Effect) -> Self {
        Self::with(definition(name, effect), |_| std::future::pending())
    }

    /// The same, with this timeout.
    #[must_use]
    pub const fn timing_out_after(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same, able to say what became of a call.
    #[must_use]
    pub fn reconciling(
        mut self,
        reconcile: impl Fn(&Invocation) -> Found + Send + Sync + 'static,
    ) -> Self {
        self.reconcile = Some(Box::new(reconcile));
        self
    }

    /// The calls so far, in the order in which they began.
    #[must_use]
    pub fn calls(&self) -> Vec<Invocation> {
        lock(&self.calls).clone()
    }

    /// How many calls were dropped before they ended.
    #[must_use]
    pub fn dropped(&self) -> u32 {
        *lock(&self.dropped)
    }
}

/// A definition that takes any object.
#[must_use]
pub fn definition(name: &str, effect: Effect) -> ToolDefinition {
    ToolDefinition {
        name: name.to_owned(),
        description: format!("The tool {name}, for tests."),
        schema: json!({"type": "object"}),
        effect: DeclaredEffect::Always(effect),
        server: "built-in".to_owned(),
    }
}

#[async_trait]
impl Tool for ScriptedTool {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        false
    }

    fn timeout(&self) -> Duration {
        self.timeout
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        lock(&self.calls).push(invocation.clone());
        let mut unfinished = Unfinished {
            count: &self.dropped,
            ended: false,
        };
        let result = (self.call)(invocation).await;
        unfinished.ended = true;
        result
    }

    fn reconciles(&self) -> bool {
        self.reconcile.is_some()
    }

    async fn reconcile(&self, invocation: Invocation) -> Found {
        let reconcile = self.reconcile.as_ref();
        reconcile.map_or(Found::Unknown, |reconcile| reconcile(&invocation))
    }
}

/// Counts a call whose future is dropped.
struct Unfinished<'a> {
    count: &'a Mutex<u32>,
    ended: bool,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.ended {
            *lock(self.count) += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::contract::tool::{invocation, tool_contract};

    #[tokio::test]
    async fn keeps_the_contract() {
        let tool = ScriptedTool::echo("echo", Effect::Read);
        tool_contract(&tool, json!({"text": "hello"})).await;
    }

    #[tokio::test]
    async fn calls_are_remembered_and_dropped_ones_counted() {
        let tool = ScriptedTool::hanging("wait", Effect::Write);
        {
            let mut call = std::pin::pin!(tool.call(invocation(json!({"n": 1}))));
            assert!(futures::poll!(call.as_mut()).is_pending());
        }
        assert_eq!(tool.dropped(), 1);
        assert_eq!(tool.calls()[0].arguments, json!({"n": 1}));
    }
}
