//! What judging needs from the world, where it needs anything.

use async_trait::async_trait;
use slipway_contract::Usd;

/// Turns texts into vectors that are near each other when the texts mean alike.
#[async_trait]
pub trait Embeddings: Send + Sync {
    /// The vectors of these texts, in their order.
    ///
    /// # Errors
    /// [`NotAvailable`] when no model gave them.
    async fn embed(&self, texts: &[&str]) -> Result<Embedded, NotAvailable>;
}

/// Vectors of texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// The model that made them, `provider/model`.
    pub model: String,
    /// A vector for each text.
    pub vectors: Vec<Vec<f32>>,
    /// What it cost; none when nobody knows.
    pub cost_usd: Option<Usd>,
}

/// Asks a model to judge.
#[async_trait]
pub trait Judge: Send + Sync {
    /// What the model answers. It is read here, and may be nonsense.
    ///
    /// # Errors
    /// [`NotAvailable`] when no model answered.
    async fn ask(&self, question: &JudgeQuestion) -> Result<JudgeReply, NotAvailable>;
}

/// What a judge is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeQuestion {
    /// What it is told about its task.
    pub instructions: String,
    /// What it judges.
    pub text: String,
}

/// A judge's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeReply {
    /// The model that answered, `provider/model`.
    pub model: String,
    /// What it said.
    pub text: String,
    /// What it cost; none when nobody knows.
    pub cost_usd: Option<Usd>,
}

/// Why no model could be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAvailable(pub String);

/// The ports that there are.
#[derive(Clone, Copy, Default)]
pub struct Ports<'p> {
    /// Makes embeddings.
    pub embeddings: Option<&'p dyn Embeddings>,
    /// Judges by a rubric.
    pub judge: Option<&'p dyn Judge>,
}

impl std::fmt::Debug for Ports<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ports")
            .field("embeddings", &self.embeddings.is_some())
            .field("judge", &self.judge.is_some())
            .finish()
    }
}
