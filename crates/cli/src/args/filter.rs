//! Which runs.

use clap::{Args, ValueEnum};
use slipway_app::moment;
use slipway_contract::history::{RunColumn, RunFilter};
use slipway_contract::{AgentName, ErrorCode, Problem, Timestamp, Usd};

use super::runs::StatusChoice;

/// Narrows runs. Of a flag that is given several times, any will do.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Which runs")]
pub(crate) struct FilterArgs {
    /// In which these words were asked or said
    #[arg(long, value_name = "WORDS")]
    pub(crate) search: Option<String>,

    /// Of this agent; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) agent: Vec<AgentName>,

    /// That are this; may be given several times
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Vec<StatusChoice>,

    /// That began with this model; may be given several times
    #[arg(long, value_name = "PROVIDER/MODEL")]
    pub(crate) model: Vec<String>,

    /// Started then or later: how long ago, such as 12h or 7d, or a date
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,

    /// Started before then
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,

    /// That cost this or more, in US dollars
    #[arg(long, value_name = "USD")]
    pub(crate) min_cost: Option<Usd>,

    /// That cost this or less
    #[arg(long, value_name = "USD")]
    pub(crate) max_cost: Option<Usd>,
}

impl FilterArgs {
    /// The filter that they are.
    ///
    /// # Errors
    /// A time is none, the search holds no word, or nothing can be in a range.
    pub(crate) fn read(self, now: Timestamp) -> Result<RunFilter, Problem> {
        let invalid = |message: String| Problem::new(ErrorCode::InvalidInput, message);
        let time = |text: Option<String>| text.map(|text| moment(&text, now)).transpose();
        if let Some(search) = &self.search
            && !search.chars().any(char::is_alphanumeric)
        {
            return Err(invalid("--search holds no word".to_owned())
                .help("Write words that were asked or said, such as --search 'tax number'."));
        }
        let filter = RunFilter {
            states: self.status.iter().map(|choice| choice.state()).collect(),
            agents: self.agent,
            models: self.model,
            min_cost_usd: self.min_cost,
            max_cost_usd: self.max_cost,
            since: time(self.since)?,
            until: time(self.until)?,
            text: self.search,
        };
        if let (Some(min), Some(max)) = (filter.min_cost_usd, filter.max_cost_usd)
            && min > max
        {
            return Err(invalid(format!(
                "no cost is ${min} or more and ${max} or less"
            )));
        }
        if let (Some(since), Some(until)) = (filter.since, filter.until)
            && since >= until
        {
            return Err(invalid("--until is not after --since".to_owned()));
        }
        Ok(filter)
    }
}

/// `--sort`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortChoice {
    Started,
    Took,
    Cost,
    Tokens,
}

impl SortChoice {
    /// The column that it stands for.
    pub(crate) const fn column(self) -> RunColumn {
        match self {
            Self::Started => RunColumn::Started,
            Self::Took => RunColumn::Took,
            Self::Cost => RunColumn::Cost,
            Self::Tokens => RunColumn::Tokens,
        }
    }
}
