//! Which attempts there are to make.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use slipway_agent::package::Package;
use slipway_contract::RunId;
use slipway_runner::recordings::{Matching, Recording};

use crate::report::Mode;
use crate::suite::{AttemptId, CaseId, ConcreteCase, Suite, ToolSource};

/// An attempt that is to be made.
#[derive(Clone)]
pub struct Work {
    /// Which.
    pub id: AttemptId,
    /// The case.
    pub case: Arc<ConcreteCase>,
    /// Who answers.
    pub answers: Answers,
    /// Why it cannot be made, which is what comes of it.
    pub broken: Option<String>,
    /// The runs that were begun for it before, one for each turn. The last may never have been made.
    pub begun: Vec<RunId>,
}

/// Who answers in the model's place, and in the tools'.
#[derive(Clone, Default)]
pub struct Answers {
    /// The recording whose answers are played; none where the model is asked.
    pub played: Option<(String, Arc<Recording>)>,
    /// The recording whose tools answer, where the case's do.
    pub tools: Option<Arc<Recording>>,
    /// What becomes of a request that is not the recorded one.
    pub matching: Matching,
}

/// Which cases are run.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// These alone; all where there is none.
    pub cases: Option<BTreeSet<CaseId>>,
    /// Those with one of these words; all where there is none.
    pub tags: Vec<String>,
    /// Those whose title holds this, where case does not count.
    pub text: Option<String>,
}

/// A case that is not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The case.
    pub case: CaseId,
    /// What people call it.
    pub title: String,
    /// Why.
    pub why: String,
}

impl Selection {
    /// Whether this case is run.
    #[must_use]
    pub fn holds(&self, case: &ConcreteCase) -> bool {
        let tags = &case.case().tags;
        let text = self.text.as_ref().map(|text| text.to_lowercase());
        self.cases
            .as_ref()
            .is_none_or(|cases| cases.contains(&case.id))
            && (self.tags.is_empty() || self.tags.iter().any(|tag| tags.contains(tag)))
            && text.is_none_or(|text| case.title.to_lowercase().contains(&text))
    }
}

/// The attempts at these cases of a suite, case by case, and the cases that cannot be run so.
#[must_use]
pub fn plan(
    suite: &Suite,
    package: &Package,
    mode: Mode,
    selection: &Selection,
) -> (Vec<Work>, Vec<Skipped>) {
    let (mut work, mut skipped) = (Vec::new(), Vec::new());
    let mut read = Recordings::of(package);
    for case in suite.expand() {
        if !selection.holds(&case) {
            continue;
        }
        let answers = match answers(&case, mode, &mut read) {
            Ok(answers) => answers,
            Err(why) => {
                let (case, title) = (case.id, case.title);
                skipped.push(Skipped { case, title, why });
                continue;
            }
        };
        let case = Arc::new(case);
        let (answers, broken) = match answers {
            Ok(answers) => (answers, None),
            Err(why) => (Answers::default(), Some(why)),
        };
        work.extend(case.attempts().map(|id| Work {
            id,
            case: Arc::clone(&case),
            answers: answers.clone(),
            broken: broken.clone(),
            begun: Vec::new(),
        }));
    }
    (work, skipped)
}

/// Who answers in a case; else why it is left out.
fn answers(
    case: &ConcreteCase,
    mode: Mode,
    read: &mut Recordings<'_>,
) -> Result<Result<Answers, String>, String> {
    let own = recording_name(case);
    // Another model's answers would say nothing of this one.
    let named = case
        .case()
        .recording
        .as_deref()
        .filter(|_| case.point.model.is_none());
    let name = match read.has(&own) {
        true => Some(own.as_str()),
        false => named,
    };
    let of_tools = case.case().tools.name(ToolSource::Recorded) && mode != Mode::Record;
    let wanted = of_tools || mode == Mode::Replay;
    let recording = match name.filter(|_| wanted) {
        None => None,
        Some(name) => match read.get(name) {
            Ok(recording) => Some((name.to_owned(), recording)),
            Err(why) => return Ok(Err(why)),
        },
    };
    let tools = recording
        .as_ref()
        .filter(|_| of_tools)
        .map(|(_, recording)| Arc::clone(recording));
    if of_tools && tools.is_none() {
        return Err(
            "its tools are recorded, and it has no recording: name one, or make it with --record"
                .to_owned(),
        );
    }
    let played = recording.filter(|_| mode == Mode::Replay);
    if mode == Mode::Replay && played.is_none() {
        return Err(
            "it has no recording to play: make one with --record, or ask the model with --live"
                .to_owned(),
        );
    }
    Ok(Ok(Answers {
        played,
        tools,
        matching: Matching::Strict,
    }))
}

/// The name of the recording that is a concrete case's own: it goes before the one that the case
/// names, which others may play too.
#[must_use]
pub fn recording_name(case: &ConcreteCase) -> String {
    let mut name = String::new();
    for c in case.case().name.as_str().chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if name.len() >= 40 {
            break;
        }
    }
    let name = name.trim_matches('-');
    let name = if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name
    } else {
        "case"
    };
    let id: String = case.id.as_str().chars().take(8).collect();
    format!("{name}-{id}")
}

/// The package's recordings, each read once.
struct Recordings<'p> {
    package: &'p Package,
    read: BTreeMap<String, Result<Arc<Recording>, String>>,
}

impl<'p> Recordings<'p> {
    const fn of(package: &'p Package) -> Self {
        Self {
            package,
            read: BTreeMap::new(),
        }
    }

    fn file(&self, name: &str) -> Option<&'p [u8]> {
        self.package
            .files()
            .get(&format!("recordings/{name}.jsonl"))
    }

    fn has(&self, name: &str) -> bool {
        self.file(name).is_some()
    }

    fn get(&mut self, name: &str) -> Result<Arc<Recording>, String> {
        if let Some(known) = self.read.get(name) {
            return known.clone();
        }
        let read = match self.file(name) {
            None => Err(format!("the package has no recordings/{name}.jsonl")),
            Some(bytes) => Recording::parse(bytes)
                .map(Arc::new)
                .map_err(|error| format!("recordings/{name}.jsonl cannot be read: {error}")),
        };
        self.read.insert(name.to_owned(), read.clone());
        read
    }
}
