//! What keeps the draft from being run, with the way out.

use slipway_contract::error::Finding;
use yew::prelude::*;

use super::drafting::Drafting;
use super::texts::place_of;
use crate::components::{Button, Kind, Mark, mark};
use crate::editor::{Language, Place, coloured, highlight};
use crate::text;

/// How many are shown before the person asks for all.
const SHOWN: usize = 3;

/// What is wrong.
#[derive(Properties, PartialEq)]
pub(in crate::pages) struct Props {
    pub(in crate::pages) drafting: Drafting,
    /// What is wrong.
    pub(in crate::pages) findings: Vec<Finding>,
    /// What follows from it.
    pub(in crate::pages) then: &'static str,
    pub(in crate::pages) go_to: Callback<(String, Place)>,
}

/// The problems, the first of them with the lines in which it is. The same messages as on the command line.
#[component]
pub(in crate::pages) fn Problems(props: &Props) -> Html {
    let all = use_state_eq(|| false);
    let findings = &props.findings;
    let shown = if *all { findings.len() } else { SHOWN };
    let more = findings.len().saturating_sub(shown);
    let show_all = {
        let all = all;
        Callback::from(move |()| all.set(true))
    };
    html! {
        <section class={classes!("problems", "scroll", findings.is_empty().then_some("problems--none"))} aria-label={text::PROBLEMS} aria-live="polite">
            { for findings.iter().take(shown).enumerate().map(|(at, finding)| problem(props, at, finding)) }
            if more > 0 { <Button label={text::more_problems(more)} small=true kind={Kind::Quiet} onclick={show_all} /> }
        </section>
    }
}

fn problem(props: &Props, at: usize, finding: &Finding) -> Html {
    let sheet = props.drafting.sheet(&finding.file);
    let place = place_of(finding);
    let mend = finding
        .fix
        .as_ref()
        .zip(place)
        .zip(sheet.as_ref())
        .and_then(|((fix, place), sheet)| {
            let mended = mended(&sheet.text, place, &fix.found, &fix.meant)?;
            let (drafting, file) = (props.drafting.clone(), finding.file.clone());
            let onclick = Callback::from(move |()| drafting.replace(&file, &mended));
            Some(html! { <Button label={text::change_to(&fix.meant)} small=true {onclick} /> })
        });
    let go = finding.line.zip(place).map(|(line, place)| {
        let (go_to, file) = (props.go_to.clone(), finding.file.clone());
        let onclick = Callback::from(move |()| go_to.emit((file.clone(), place)));
        html! { <Button label={text::go_to_line(line)} small=true kind={Kind::Quiet} {onclick} /> }
    });
    let snippet = place.zip(sheet).filter(|_| at == 0).map(|(place, sheet)| {
        let found = finding.fix.as_ref().map(|fix| fix.found.as_str());
        snippet(&sheet.text, &finding.file, place, found)
    });
    html! {
        <div class="problem selectable" key={at}>
            { mark(Mark::Failed) }
            <div>
                <b class="strong">{ text::finding_at(finding) }if let Some(key) = &finding.key { { ": " }<span class="path">{ key.clone() }</span> }</b>
                <div class="small t2">{ text::finding_message(finding) }if at == 0 { { " " }{ props.then } }</div>
            </div>
            <div class="btns">{ for mend }{ for go }</div>
            { for snippet }
        </div>
    }
}

/// The line of a finding with the two before it.
fn snippet(source: &str, file: &str, place: Place, found: Option<&str>) -> Html {
    let lines: Vec<&str> = source.split('\n').collect();
    let spans = highlight(Language::of(file), lines.iter().copied());
    let first = place.line.saturating_sub(3);
    let line = |at: usize| {
        let source = lines.get(at).copied().unwrap_or_default();
        let wrong = (at + 1 == place.line).then(|| {
            let start = Place { line: 1, ..place }.byte(source);
            let exact = found.filter(|found| source[start..].starts_with(found));
            start..exact.map_or(source.len(), |found| start + found.len())
        });
        html! { <div key={at}><i>{ at + 1 }</i><span>{ coloured(source, spans.get(at).map_or(&[], Vec::as_slice), wrong) }</span></div> }
    };
    html! { <div class="well mono">{ for (first..place.line.min(lines.len())).map(line) }</div> }
}

/// The text with what was meant in the place of what was found; none where that is not there any more.
fn mended(source: &str, place: Place, found: &str, meant: &str) -> Option<String> {
    let start = place.byte(source);
    let rest = source[start..].strip_prefix(found)?;
    Some(format!("{}{meant}{rest}", &source[..start]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_found_is_changed() {
        let source = "[[tools]]\nuse = \"é\" # aproval\naproval = \"allow\"\n";
        let mend = |line, column| mended(source, Place { line, column }, "aproval", "approval");
        assert_eq!(
            mend(3, 1).as_deref(),
            Some("[[tools]]\nuse = \"é\" # aproval\napproval = \"allow\"\n")
        );
        assert_eq!(
            mend(2, 13)
                .as_deref()
                .map(|text| text.contains("# approval")),
            Some(true)
        );
        assert_eq!(mend(1, 1), None, "the text is another by now");
        assert_eq!(mend(99, 1), None);
    }
}
