//! The draft that is open: its page as the host knows it, the files that are being written, and how they get to the
//! host. One thing is asked of the host at a time, in the order in which it was done.

mod form;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use slipway_contract::command::{ReadDraftFile, SaveDraftFile, SettleConflict, ShowDraft};
use slipway_contract::draft::{DraftPage, DraftText, Keep, ManifestChange, NewContent};
use slipway_contract::{AgentName, ContentHash, ErrorCode, Problem, Timestamp};
use yew::Callback;

use super::sheet::{Sheet, Standing};
use super::unsaved;
use crate::bridge::call;
use crate::browser;

pub(in crate::pages) const MANIFEST: &str = "agent.toml";
pub(in crate::pages) const INSTRUCTIONS: &str = "instructions.md";

/// A text is saved when nothing was typed for so long.
const QUIET_MS: u32 = 500;

/// What could not be saved is tried again after so long.
const AGAIN_MS: u32 = 5_000;

/// A file that is open.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pages) enum Open {
    /// It is being read.
    Reading,
    /// It cannot be read.
    Failed(Rc<Problem>),
    /// It is no text, or too large to be one here: its bytes.
    Closed(u64),
    /// It can be written.
    Sheet(Sheet),
}

/// What is to be asked of the host.
enum Order {
    Save(String),
    Form(String, Vec<ManifestChange>),
    Settle(String, Keep),
    /// When all before it is done.
    Then(Callback<bool>),
}

/// The draft that is open. All of its clones are the same one; for what is drawn they differ as soon as anything of it
/// is another.
#[derive(Clone)]
pub(in crate::pages) struct Drafting {
    inner: Rc<Inner>,
    stamp: u32,
}

struct Inner {
    agent: AgentName,
    page: RefCell<Option<Rc<DraftPage>>>,
    problem: RefCell<Option<Rc<Problem>>>,
    said: RefCell<Option<Rc<Problem>>>,
    open: RefCell<BTreeMap<String, Open>>,
    orders: RefCell<VecDeque<Order>>,
    working: Cell<bool>,
    saved_at: Cell<Option<Timestamp>>,
    found_unsaved: Cell<bool>,
    timer: RefCell<Option<Timeout>>,
    changed: Callback<()>,
}

impl PartialEq for Drafting {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner) && self.stamp == other.stamp
    }
}

impl Drafting {
    /// The draft of an agent; `changed` is called whenever anything of it is another.
    pub(in crate::pages) fn of(agent: AgentName, changed: Callback<()>) -> Self {
        let inner = Rc::new(Inner {
            agent,
            page: RefCell::default(),
            problem: RefCell::default(),
            said: RefCell::default(),
            open: RefCell::default(),
            orders: RefCell::default(),
            working: Cell::new(false),
            saved_at: Cell::new(None),
            found_unsaved: Cell::new(false),
            timer: RefCell::default(),
            changed,
        });
        Self { inner, stamp: 0 }
    }

    /// The same, as it is drawn for the time of this number.
    pub(in crate::pages) fn drawn(&self, stamp: u32) -> Self {
        Self {
            inner: Rc::clone(&self.inner),
            stamp,
        }
    }

    /// The agent.
    pub(in crate::pages) fn agent(&self) -> &AgentName {
        &self.inner.agent
    }

    /// What the host knows.
    pub(in crate::pages) fn page(&self) -> Option<Rc<DraftPage>> {
        self.inner.page.borrow().clone()
    }

    /// Why it cannot be shown.
    pub(in crate::pages) fn problem(&self) -> Option<Rc<Problem>> {
        self.inner.problem.borrow().clone()
    }

    /// Why the newest form's change was not made.
    pub(in crate::pages) fn said(&self) -> Option<Rc<Problem>> {
        self.inner.said.borrow().clone()
    }

    /// Does not show [`Self::said`] any longer.
    pub(in crate::pages) fn hush(&self) {
        *self.inner.said.borrow_mut() = None;
        self.inner.changed.emit(());
    }

    /// A file that is open.
    pub(in crate::pages) fn file(&self, path: &str) -> Option<Open> {
        self.inner.open.borrow().get(path).cloned()
    }

    /// The text of a file that is being written.
    pub(in crate::pages) fn sheet(&self, path: &str) -> Option<Sheet> {
        match self.file(path) {
            Some(Open::Sheet(sheet)) => Some(sheet),
            _ => None,
        }
    }

    /// The first file for which `wanted` holds.
    pub(in crate::pages) fn first(
        &self,
        wanted: impl Fn(&Sheet) -> bool,
    ) -> Option<(String, Sheet)> {
        self.inner
            .open
            .borrow()
            .iter()
            .find_map(|(path, open)| match open {
                Open::Sheet(sheet) if wanted(sheet) => Some((path.clone(), sheet.clone())),
                _ => None,
            })
    }

    /// When something was saved last.
    pub(in crate::pages) fn saved_at(&self) -> Option<Timestamp> {
        self.inner.saved_at.get()
    }

    /// Whether the host has everything that was written.
    pub(in crate::pages) fn is_saved(&self) -> bool {
        self.first(|sheet| !sheet.is_clean()).is_none()
            && self.inner.orders.borrow().is_empty()
            && !self.inner.working.get()
    }

    /// Whether something was found that was written before the window was closed; said once.
    pub(in crate::pages) fn take_found_unsaved(&self) -> bool {
        self.inner.found_unsaved.replace(false)
    }

    /// Asks the host what is there now.
    pub(in crate::pages) fn refresh(&self) {
        let this = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let ask = ShowDraft {
                agent: this.agent().clone(),
            };
            match call(&ask).await {
                Ok(page) => this.shown(page),
                // What is on the screen and being written stays there.
                Err(problem) if this.page().is_none() => {
                    *this.inner.problem.borrow_mut() = Some(Rc::new(problem));
                }
                Err(_) => {}
            }
            this.inner.changed.emit(());
        });
    }

    /// Takes a page that the host answered with.
    pub(in crate::pages) fn shown(&self, page: DraftPage) {
        *self.inner.problem.borrow_mut() = None;
        let hashes: BTreeMap<String, ContentHash> = page
            .draft
            .files
            .iter()
            .map(|file| (file.path.clone(), file.content))
            .collect();
        let version = self.page().map(|page| page.draft.version);
        let is_other_base = version.is_some_and(|version| version != page.draft.version);
        *self.inner.page.borrow_mut() = Some(Rc::new(page));
        let stale: Vec<String> = {
            let mut open = self.inner.open.borrow_mut();
            open.retain(|path, open| {
                hashes.contains_key(path) || matches!(open, Open::Sheet(sheet) if !sheet.is_clean())
            });
            let is_stale = |(path, open): (&String, &Open)| {
                let stale = match open {
                    Open::Sheet(sheet) => {
                        is_other_base || (sheet.is_clean() && hashes.get(path) != Some(&sheet.seen))
                    }
                    Open::Reading => false,
                    Open::Failed(_) | Open::Closed(_) => true,
                };
                stale.then(|| path.clone())
            };
            open.iter().filter_map(is_stale).collect()
        };
        stale.iter().for_each(|path| self.read(path));
        for path in [INSTRUCTIONS, MANIFEST] {
            if hashes.contains_key(path) {
                self.open(path);
            }
        }
        self.inner.changed.emit(());
    }

    /// Opens a file, unless it is open.
    pub(in crate::pages) fn open(&self, path: &str) {
        let is_open = self.inner.open.borrow().contains_key(path);
        if !is_open {
            self.inner
                .open
                .borrow_mut()
                .insert(path.to_owned(), Open::Reading);
            self.read(path);
        }
    }

    fn read(&self, path: &str) {
        let (this, path) = (self.clone(), path.to_owned());
        wasm_bindgen_futures::spawn_local(async move {
            let ask = ReadDraftFile {
                agent: this.agent().clone(),
                path: path.clone(),
            };
            let answer = call(&ask).await;
            this.was_read(&path, answer);
            this.inner.changed.emit(());
        });
    }

    fn was_read(&self, path: &str, answer: Result<DraftText, Problem>) {
        let mut open = self.inner.open.borrow_mut();
        match answer {
            Ok(read) => {
                if let Some(Open::Sheet(sheet)) = open.get_mut(path) {
                    return sheet.read_again(&read);
                }
                let Some(mut sheet) = Sheet::of(&read) else {
                    open.insert(path.to_owned(), Open::Closed(read.size));
                    return;
                };
                if let Some(unsaved) = unsaved::kept(self.agent(), path) {
                    if read.text.as_deref() == Some(unsaved.text.as_str()) {
                        unsaved::forget(self.agent(), path);
                    } else {
                        self.inner.found_unsaved.set(true);
                        sheet.seen = unsaved.seen;
                        sheet.replace(&unsaved.text);
                        if read.content != unsaved.seen {
                            sheet.conflicts(read);
                        }
                    }
                }
                open.insert(path.to_owned(), Open::Sheet(sheet));
                drop(open);
                self.save_soon();
            }
            Err(problem) => {
                if !matches!(open.get(path), Some(Open::Sheet(_))) {
                    open.insert(path.to_owned(), Open::Failed(Rc::new(problem)));
                }
            }
        }
    }

    /// Something was typed into a file.
    pub(in crate::pages) fn type_in(&self, path: &str, text: Rc<str>) {
        self.with_sheet(path, |sheet| sheet.type_in(text));
        self.written(path);
    }

    /// The text of a file is another, without anybody having typed it.
    pub(in crate::pages) fn replace(&self, path: &str, text: &str) {
        self.with_sheet(path, |sheet| sheet.replace(text));
        self.written(path);
    }

    fn written(&self, path: &str) {
        if let Some(sheet) = self.sheet(path).filter(|sheet| !sheet.is_clean()) {
            unsaved::keep(self.agent(), path, sheet.seen, &sheet.to_save());
        }
        self.save_soon();
        self.inner.changed.emit(());
    }

    fn with_sheet(&self, path: &str, change: impl FnOnce(&mut Sheet)) {
        if let Some(Open::Sheet(sheet)) = self.inner.open.borrow_mut().get_mut(path) {
            change(sheet);
        }
    }

    fn save_soon(&self) {
        let failed = self
            .first(|sheet| matches!(sheet.standing, Standing::Failed(_)))
            .is_some();
        if self.first(Sheet::may_save).is_none() {
            return;
        }
        let this = self.clone();
        let wait = if failed { AGAIN_MS } else { QUIET_MS };
        *self.inner.timer.borrow_mut() = Some(Timeout::new(wait, move || this.save()));
    }

    /// Saves what is not saved yet, now.
    pub(in crate::pages) fn save(&self) {
        *self.inner.timer.borrow_mut() = None;
        let paths: Vec<String> = {
            let open = self.inner.open.borrow();
            let may_save = |open: &Open| matches!(open, Open::Sheet(sheet) if sheet.may_save());
            open.iter()
                .filter(|(_, open)| may_save(open))
                .map(|(path, _)| path.clone())
                .collect()
        };
        for path in paths {
            self.order(Order::Save(path));
        }
    }

    /// Saves what is not saved yet and calls back when that is done: with true when all of it is saved.
    pub(in crate::pages) fn save_then(&self, then: Callback<bool>) {
        self.save();
        self.order(Order::Then(then));
    }

    /// Changes `agent.toml` by a form.
    pub(in crate::pages) fn change(&self, changes: Vec<ManifestChange>) {
        self.change_in(MANIFEST, changes);
    }

    /// Changes `agent.toml` or a suite by a form.
    pub(in crate::pages) fn change_in(&self, path: &str, changes: Vec<ManifestChange>) {
        self.save();
        self.order(Order::Form(path.to_owned(), changes));
    }

    /// Decides between the text that is written here and the one that somebody else saved.
    pub(in crate::pages) fn settle(&self, path: &str, keep: Keep) {
        self.order(Order::Settle(path.to_owned(), keep));
    }

    fn order(&self, order: Order) {
        self.inner.orders.borrow_mut().push_back(order);
        if self.inner.working.replace(true) {
            return;
        }
        let this = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            loop {
                let next = this.inner.orders.borrow_mut().pop_front();
                let Some(order) = next else { break };
                this.carry_out(order).await;
                this.inner.changed.emit(());
            }
            this.inner.working.set(false);
            this.save_soon();
            this.inner.changed.emit(());
        });
    }

    async fn carry_out(&self, order: Order) {
        match order {
            Order::Save(path) => self.save_file(&path).await,
            Order::Form(path, changes) => self.change_by_form(&path, changes).await,
            Order::Settle(path, keep) => self.settle_file(&path, keep).await,
            Order::Then(then) => {
                then.emit(self.first(|sheet| !sheet.is_clean()).is_none() && self.said().is_none());
            }
        }
    }

    async fn save_file(&self, path: &str) {
        let Some(sheet) = self.sheet(path).filter(Sheet::may_save) else {
            return;
        };
        let text = sheet.to_save();
        let ask = SaveDraftFile {
            agent: self.agent().clone(),
            path: path.to_owned(),
            content: NewContent::Text(text.clone()),
            seen: Some(sheet.seen),
        };
        match call(&ask).await {
            Ok(page) => {
                let file = page.draft.files.iter().find(|file| file.path == path);
                if let Some(content) = file.map(|file| file.content) {
                    self.with_sheet(path, |sheet| sheet.saved(&text, content));
                }
                self.inner.saved_at.set(Some(browser::now()));
                match self.sheet(path) {
                    Some(sheet) if !sheet.is_clean() => {
                        unsaved::keep(self.agent(), path, sheet.seen, &sheet.to_save());
                    }
                    _ => unsaved::forget(self.agent(), path),
                }
                self.shown(page);
            }
            Err(problem) if problem.code == ErrorCode::Conflict => {
                let ask = ReadDraftFile {
                    agent: self.agent().clone(),
                    path: path.to_owned(),
                };
                match call(&ask).await {
                    Ok(theirs) => self.with_sheet(path, |sheet| sheet.conflicts(theirs)),
                    Err(problem) => self.with_sheet(path, |sheet| sheet.refused(problem)),
                }
            }
            Err(problem) => self.with_sheet(path, |sheet| sheet.refused(problem)),
        }
    }

    async fn settle_file(&self, path: &str, keep: Keep) {
        let Some(sheet) = self.sheet(path) else {
            return;
        };
        let mine = sheet.to_save();
        let ask = SettleConflict {
            agent: self.agent().clone(),
            path: path.to_owned(),
            mine: mine.clone(),
            keep,
        };
        match call(&ask).await {
            Ok(page) => {
                unsaved::forget(self.agent(), path);
                let is_as_sent = self
                    .sheet(path)
                    .is_some_and(|sheet| sheet.to_save() == mine);
                let file = page.draft.files.iter().find(|file| file.path == path);
                match file {
                    Some(file) if keep == Keep::Mine && !is_as_sent => {
                        self.with_sheet(path, |sheet| sheet.saved(&mine, file.content));
                    }
                    // Read anew: its text and what it is compared with are others.
                    _ => drop(self.inner.open.borrow_mut().remove(path)),
                }
                self.inner.saved_at.set(Some(browser::now()));
                self.shown(page);
                self.open(path);
            }
            Err(problem) => *self.inner.said.borrow_mut() = Some(Rc::new(problem)),
        }
    }
}
