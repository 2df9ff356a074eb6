//! Invocations and folders for tests.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use slipway_agent::policy::Grants;
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::permission::Permission;
use slipway_contract::{RunId, StepId};
use tempfile::TempDir;

use crate::files::Backups;

/// A call that may touch nothing.
pub(crate) fn invocation(arguments: Value) -> Invocation {
    with_grants(arguments, Grants::default())
}

/// A call that may touch this.
pub(crate) fn with_grants(arguments: Value, grants: Grants) -> Invocation {
    Invocation {
        run: RunId::from_random([7; 10]),
        step: StepId(3),
        idempotency_key: "key-of-this-call".into(),
        arguments,
        grants: Arc::new(grants),
    }
}

/// A working folder with a readable `in` and a writable `out`, and a folder outside of it.
pub(crate) struct Workspace {
    folder: TempDir,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["work/in", "work/out", "outside", "backups"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    /// A path from the working folder.
    pub(crate) fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join("work").join(path)
    }

    pub(crate) fn outside(&self) -> std::path::PathBuf {
        self.folder.path().join("outside")
    }

    pub(crate) fn backups(&self) -> Backups {
        Backups::new(self.folder.path().join("backups"))
    }

    pub(crate) fn put(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn grants(&self) -> Grants {
        Grants::new(&self.path(""), &[read("./in"), write("./out")])
    }

    pub(crate) async fn call(
        &self,
        tool: &impl Tool,
        arguments: Value,
    ) -> Result<Value, ToolError> {
        tool.call(with_grants(arguments, self.grants())).await
    }

    /// What the model is told where a call fails.
    pub(crate) async fn told(&self, tool: &impl Tool, arguments: Value) -> String {
        match self.call(tool, arguments).await {
            Err(ToolError::Model(told)) => told,
            other => panic!("the model must be told: {other:?}"),
        }
    }
}

pub(crate) fn read(path: &str) -> Permission {
    Permission::ReadFiles { path: path.into() }
}

pub(crate) fn write(path: &str) -> Permission {
    Permission::WriteFiles { path: path.into() }
}

/// Grants of whole folders.
pub(crate) fn grants(workdir: &Path, granted: &[Permission]) -> Grants {
    Grants::new(workdir, granted)
}
