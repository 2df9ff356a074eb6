//! The editor itself. The text area has the text, the cursor, the selection, undo and redo, and what writes in other
//! scripts; it is seen through, and under it lie the lines as they are coloured.

use std::ops::Range;
use std::rc::Rc;

use slipway_contract::shortcut::Shortcut;
use wasm_bindgen::prelude::*;
use web_sys::{ClipboardEvent, HtmlTextAreaElement};
use yew::prelude::*;

use super::changes::changed;
use super::find::FindBar;
use super::highlight::{Language, Span, highlight};
use super::place::{Place, line_of_unit, line_start, units};
use super::row::{Mark, Row};
use super::search::{Found, find};
use crate::components::{Icon, icon};
use crate::{browser, format, shortcuts, text};

/// Longer texts have neither colours nor line numbers: drawing them anew at every key would take longer than a frame.
const MOST_LINES: usize = 3_000;
const MOST_BYTES: usize = 256 << 10;

/// A place that the cursor is to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    /// Where.
    pub(crate) place: Place,
    /// Another number for every time that it is asked.
    pub(crate) number: u32,
    /// The keyboard goes there, too; else the line is only shown.
    pub(crate) with_keyboard: bool,
}

/// What the editor shows and does.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// By which it is found in the page.
    pub(crate) id: AttrValue,
    /// Its name.
    pub(crate) label: AttrValue,
    /// The text, with line feeds alone.
    pub(crate) text: Rc<str>,
    /// Changes when the text is another than was typed here.
    pub(crate) revision: u32,
    /// What it is written in.
    pub(crate) language: Language,
    /// What it was, for the marks of what changed.
    #[prop_or_default]
    pub(crate) base: Option<Rc<str>>,
    /// What is wrong in it: a place and the text that stands there.
    #[prop_or_default]
    pub(crate) wrong: Vec<(Place, AttrValue)>,
    /// The most bytes that may be pasted into it.
    pub(crate) most_bytes: usize,
    /// Where the cursor is to go.
    #[prop_or_default]
    pub(crate) target: Option<Target>,
    /// Takes the text after each change.
    pub(crate) oninput: Callback<Rc<str>>,
}

/// Lines with their colours.
struct Lines {
    all: Vec<(Rc<str>, Rc<[Span]>)>,
    is_plain: bool,
}

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Lines {
    fn of(source: &str, language: Language) -> Self {
        let count = source.bytes().filter(|byte| *byte == b'\n').count() + 1;
        if count > MOST_LINES || source.len() > MOST_BYTES {
            return Self {
                all: Vec::new(),
                is_plain: true,
            };
        }
        let lines: Vec<&str> = source.split('\n').collect();
        let spans = highlight(language, lines.iter().copied());
        let all = lines.into_iter().zip(spans);
        Self {
            all: all
                .map(|(line, spans)| (Rc::from(line), Rc::from(spans)))
                .collect(),
            is_plain: false,
        }
    }
}

/// What is looked for, and which of what was found is the current one.
#[derive(Clone, PartialEq, Default)]
struct Finding {
    open: bool,
    asked: u32,
    wanted: String,
    current: usize,
}

/// The editor.
#[component]
pub(crate) fn Editor(props: &Props) -> Html {
    let area = use_node_ref();
    let cursor = use_state_eq(|| None::<usize>);
    let finding = use_state_eq(Finding::default);
    let refused = use_state_eq(|| None::<usize>);
    let lines = use_memo(
        (Rc::clone(&props.text), props.language),
        |(source, language)| Lines::of(source, *language),
    );
    let marks = use_memo(
        (Rc::clone(&props.text), props.base.clone()),
        |(now, base)| match base {
            Some(base) if base != now && now.len() <= MOST_BYTES => {
                let before: Vec<&str> = base.split('\n').collect();
                let now: Vec<&str> = now.split('\n').collect();
                changed(&before, &now)
            }
            _ => Vec::new(),
        },
    );
    let found = {
        let wanted = if finding.open {
            finding.wanted.clone()
        } else {
            String::new()
        };
        use_memo((Rc::clone(&props.text), wanted), |(source, wanted)| {
            find(source.split('\n'), wanted)
        })
    };
    // What was typed is in the area already; only another text is put there, so that undo goes on to work.
    {
        let (area, source) = (area.clone(), Rc::clone(&props.text));
        use_effect_with(props.revision, move |_| put(&area, &source));
    }
    {
        let (area, id, source, cursor) = (
            area.clone(),
            props.id.clone(),
            Rc::clone(&props.text),
            cursor.clone(),
        );
        use_effect_with(props.target, move |target| {
            if let Some(target) = target {
                if target.with_keyboard {
                    let from = target.place.byte(&source);
                    select(&area, &source, from..from);
                    browser::focus(&area);
                }
                let line = target.place.line.saturating_sub(1);
                cursor.set(Some(line));
                show_line(&id, line);
            }
        });
    }
    let oninput = {
        let (oninput, cursor, refused) = (props.oninput.clone(), cursor.clone(), refused.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                let source: Rc<str> = Rc::from(area.value());
                refused.set(None);
                cursor.set(line_here(&area, &source));
                oninput.emit(source);
                // The box grows with the lines below it, so nothing in it is ever scrolled.
                area.set_scroll_top(0);
            }
        })
    };
    let onpaste = {
        let (refused, area, most, length) = (
            refused.clone(),
            area.clone(),
            props.most_bytes,
            props.text.len(),
        );
        Callback::from(move |event: Event| {
            let pasted = event
                .dyn_ref::<ClipboardEvent>()
                .and_then(ClipboardEvent::clipboard_data);
            let pasted = pasted
                .and_then(|data| data.get_data("text/plain").ok())
                .unwrap_or_default();
            let selected = selected(&area);
            if length.saturating_sub(selected) + pasted.len() > most {
                event.prevent_default();
                refused.set(Some(pasted.len()));
            }
        })
    };
    let onmoved = {
        let (area, cursor, source) = (area.clone(), cursor.clone(), Rc::clone(&props.text));
        Callback::from(move |()| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                cursor.set(line_here(&area, &source));
            }
        })
    };
    let go = {
        let (area, id, source, found) = (
            area.clone(),
            props.id.clone(),
            Rc::clone(&props.text),
            Rc::clone(&found),
        );
        let is_plain = lines.is_plain;
        Callback::from(move |place: usize| {
            if let Some(hit) = found.get(place) {
                let start = line_start(&source, hit.line);
                select(
                    &area,
                    &source,
                    start + hit.bytes.start..start + hit.bytes.end,
                );
                if is_plain {
                    browser::focus(&area);
                } else {
                    show_line(&id, hit.line);
                }
            }
        })
    };
    let onwanted = {
        let finding = finding.clone();
        Callback::from(move |wanted: String| {
            finding.set(Finding {
                wanted,
                current: 0,
                ..(*finding).clone()
            });
        })
    };
    let onstep = {
        let (finding, count, go) = (finding.clone(), found.len(), go.clone());
        Callback::from(move |forward: bool| {
            if count > 0 {
                let current = if forward {
                    (finding.current + 1) % count
                } else {
                    (finding.current + count - 1) % count
                };
                finding.set(Finding {
                    current,
                    ..(*finding).clone()
                });
                go.emit(current);
            }
        })
    };
    let onclose = {
        let (finding, area) = (finding.clone(), area.clone());
        Callback::from(move |()| {
            finding.set(Finding {
                open: false,
                ..(*finding).clone()
            });
            browser::focus(&area);
        })
    };
    {
        // Typing shows the first place at once.
        let (go, wanted) = (go, (finding.open, finding.wanted.clone()));
        use_effect_with(wanted, move |(open, wanted)| {
            if *open && !wanted.is_empty() {
                go.emit(0);
            }
        });
    }
    let open = {
        let finding = finding.clone();
        Callback::from(move |()| {
            finding.set(Finding {
                open: true,
                asked: finding.asked + 1,
                ..(*finding).clone()
            });
        })
    };
    shortcuts::use_shortcut(Shortcut::Find, open.clone());
    // Of two editors on a page, the one with the keyboard.
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if shortcuts::is_pressed(Shortcut::Find, &event) {
            event.prevent_default();
            open.emit(());
        }
    });
    let last = lines.all.len().saturating_sub(1);
    let row = |(at, (line, spans)): (usize, &(Rc<str>, Rc<[Span]>))| {
        let marks_here = marked(at, line, &found, finding.current, &props.wrong);
        html! {
            <Row
                key={at}
                id={line_id(&props.id, at)}
                number={at + 1}
                text={Rc::clone(line)}
                spans={Rc::clone(spans)}
                here={cursor.is_some_and(|here| here.min(last) == at)}
                changed={marks.get(at).copied().unwrap_or_default()}
                marks={marks_here}
            />
        }
    };
    let moved = {
        let onmoved = onmoved.clone();
        move |_: Event| onmoved.emit(())
    };
    let blurred = {
        let cursor = cursor.clone();
        Callback::from(move |_: FocusEvent| cursor.set(None))
    };
    html! {
        <div class={classes!("editor-frame", lines.is_plain.then_some("editor-frame--plain"))} {onkeydown}>
            if finding.open {
                <FindBar wanted={finding.wanted.clone()} count={found.len()} current={finding.current} asked={finding.asked} oninput={onwanted} {onstep} {onclose} />
            }
            if let Some(size) = *refused {
                <div class="notice notice--failed editor-frame__notice" role="alert">{ icon(Icon::Alert) }<div><b>{ text::pasted_too_much(&format::bytes(size), &format::bytes(props.most_bytes)) }</b>{ " " }{ text::PASTED_TOO_MUCH_HOW }</div></div>
            } else if lines.is_plain {
                <p class="small t3 editor-frame__note">{ text::TEXT_WITHOUT_COLOURS }</p>
            }
            <div class="editor scroll">
                <div class="editor__sheet">
                    <div class="editor__lines" aria-hidden="true">{ for lines.all.iter().enumerate().map(row) }</div>
                    <textarea
                        ref={area}
                        id={props.id.clone()}
                        class="editor__area"
                        aria-label={props.label.clone()}
                        spellcheck="false"
                        autocapitalize="off"
                        autocomplete="off"
                        {oninput}
                        {onpaste}
                        onkeyup={let moved = onmoved.clone(); Callback::from(move |_: KeyboardEvent| moved.emit(()))}
                        onclick={let moved = onmoved.clone(); Callback::from(move |_: MouseEvent| moved.emit(()))}
                        onselect={Callback::from(moved)}
                        onfocus={let moved = onmoved; Callback::from(move |_: FocusEvent| moved.emit(()))}
                        onblur={blurred}
                    />
                </div>
            </div>
        </div>
    }
}

fn line_id(editor: &str, line: usize) -> String {
    format!("{editor}-line-{line}")
}

/// What is marked in a line, from left to right and without overlaps.
fn marked(
    line: usize,
    source: &str,
    found: &[Found],
    current: usize,
    wrong: &[(Place, AttrValue)],
) -> Vec<(Range<usize>, Mark)> {
    let first = found.partition_point(|found| found.line < line);
    let mut marks: Vec<(Range<usize>, Mark)> = found[first..]
        .iter()
        .take_while(|found| found.line == line)
        .enumerate()
        .map(|(place, found)| {
            let mark = if first + place == current {
                Mark::Current
            } else {
                Mark::Found
            };
            (found.bytes.clone(), mark)
        })
        .collect();
    if marks.is_empty() {
        let here = wrong.iter().filter(|(place, _)| place.line == line + 1);
        let here = here.map(|(place, text)| {
            let start = Place { line: 1, ..*place }.byte(source);
            let exact = source[start..].starts_with(text.as_str()) && !text.is_empty();
            let end = if exact {
                start + text.len()
            } else {
                source.len()
            };
            (start..end, Mark::Wrong)
        });
        marks.extend(here);
        marks.sort_by_key(|(bytes, _)| bytes.start);
        marks.dedup_by(|next, before| next.0.start < before.0.end);
    }
    marks
}

fn put(area: &NodeRef, source: &str) {
    if let Some(area) = area.cast::<HtmlTextAreaElement>()
        && area.value() != source
    {
        area.set_value(source);
    }
}

/// Selects bytes of the text.
fn select(area: &NodeRef, source: &str, bytes: Range<usize>) {
    if let Some(area) = area.cast::<HtmlTextAreaElement>() {
        let (start, end) = (units(source, bytes.start), units(source, bytes.end));
        // Fails only for controls that have no selection.
        let _ = area.set_selection_range(start, end);
    }
}

/// How many units are selected.
fn selected(area: &NodeRef) -> usize {
    let area = area.cast::<HtmlTextAreaElement>();
    let ends = area.and_then(|area| {
        let start = area.selection_start().ok().flatten()?;
        Some((start, area.selection_end().ok().flatten()?))
    });
    ends.map_or(0, |(start, end)| end.saturating_sub(start) as usize)
}

fn line_here(area: &HtmlTextAreaElement, source: &str) -> Option<usize> {
    let unit = area.selection_start().ok().flatten()?;
    Some(line_of_unit(source, unit))
}

fn show_line(editor: &str, line: usize) {
    // The line may be drawn only with the next frame.
    let id = line_id(editor, line);
    browser::next_frame(move || browser::reveal_id(&id));
}
