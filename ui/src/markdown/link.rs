//! Where a link of a model's leads. Nothing is opened before a person saw it. Pure, but for the dialog.

use slipway_contract::command::OpenLink;
use slipway_contract::visible::deceives;
use yew::prelude::*;

use crate::bridge::use_action;
use crate::components::{Button, Copy, Dialog, Icon, Kind, exact, icon, notice};
use crate::text;

/// Longer addresses are not opened: nobody reads where they lead.
const LONGEST: usize = 2_000;

/// Where an address leads that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Leads {
    /// To a site.
    Site {
        /// Its name or number.
        host: String,
        /// What is read there can be seen and changed on the way.
        is_open_to_others: bool,
    },
    /// To a message that would be written to somebody.
    Mail {
        /// To whom.
        to: String,
    },
}

/// Where an address leads; none for one that is not opened: a script, data, a file, a program, one that hides something, or
/// pretends to lead somewhere else.
pub(crate) fn leads(address: &str) -> Option<Leads> {
    let hides = |c: char| c.is_whitespace() || c.is_control() || c == '\\' || deceives(c);
    if address.len() > LONGEST || address.contains(hides) {
        return None;
    }
    let (scheme, rest) = address.split_once(':')?;
    let is_open_to_others = match scheme.to_ascii_lowercase().as_str() {
        "https" => false,
        "http" => true,
        "mailto" => {
            let to = rest.split('?').next().unwrap_or_default().to_owned();
            return to.contains('@').then_some(Leads::Mail { to });
        }
        _ => return None,
    };
    let rest = rest.strip_prefix("//")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // What stands before an @ looks like a host and is none. A host in other letters may look like another one.
    let is_plain = !host.is_empty() && !host.contains('@') && host.is_ascii();
    is_plain.then(|| Leads::Site {
        host: host.to_owned(),
        is_open_to_others,
    })
}

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The address as the model wrote it.
    pub(super) address: AttrValue,
    /// What the model calls it.
    pub(super) children: Html,
}

/// A link: its words, and where it leads beside them. Pressed, it asks first.
#[component]
pub(super) fn Link(props: &Props) -> Html {
    let asks = use_state_eq(|| false);
    let Some(to) = leads(&props.address) else {
        return html! {
            <span class="address">{ props.children.clone() }<span class="address__to" title={text::OPENS_NOTHING}>{ exact(&props.address) }</span></span>
        };
    };
    let ask = |to: bool| {
        let asks = asks.clone();
        Callback::from(move |()| asks.set(to))
    };
    let onclick = ask(true).reform(|_: MouseEvent| ());
    html! {
        <span class="address">
            { props.children.clone() }
            <button type="button" class="address__to address__to--opens" aria-haspopup="dialog" {onclick}>{ exact(&props.address) }</button>
            if *asks { <Ask address={props.address.clone()} to={to.clone()} onclose={ask(false)} /> }
        </span>
    }
}

#[derive(Properties, PartialEq)]
struct AskProps {
    address: AttrValue,
    to: Leads,
    onclose: Callback<()>,
}

/// Shows where it leads, and opens it when the person wants that.
#[component]
fn Ask(props: &AskProps) -> Html {
    let close = props.onclose.clone();
    let open = use_action::<OpenLink>(Callback::from(move |()| close.emit(())));
    let url = props.address.to_string();
    let onclick = open.send.reform(move |()| OpenLink { url: url.clone() });
    let (title, words, warns) = match &props.to {
        Leads::Site {
            host,
            is_open_to_others,
        } => (text::OPEN_SITE, host, *is_open_to_others),
        Leads::Mail { to } => (text::WRITE_TO, to, false),
    };
    let actions = html! {
        <>
            <Copy label={text::COPY_ADDRESS} text={props.address.clone()} />
            <span class="spacer"></span>
            <Button label={text::CANCEL} onclick={props.onclose.clone()} />
            <Button label={text::OPEN_IN_BROWSER} icon={Icon::External} kind={Kind::Primary} busy={open.busy} {onclick} />
        </>
    };
    html! {
        <Dialog {title} open=true onclose={props.onclose.clone()} {actions}>
            <p class="strong selectable as-written">{ exact(words) }</p>
            <div class="well code code--wrap selectable leads">{ exact(&props.address) }</div>
            <p class="small t2">{ text::LINK_IS_THE_MODELS }</p>
            if warns { <div class="notice notice--parked">{ icon(Icon::Alert) }<div>{ text::NOT_ENCRYPTED }</div></div> }
            if let Some(problem) = &open.problem { { notice(problem, None) } }
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_and_mail_are_opened() {
        let site = |host: &str, is_open_to_others| {
            Some(Leads::Site {
                host: host.to_owned(),
                is_open_to_others,
            })
        };
        assert_eq!(
            leads("https://example.com/a?b#c"),
            site("example.com", false)
        );
        assert_eq!(leads("HTTP://127.0.0.1:8080"), site("127.0.0.1:8080", true));
        let to = "a@example.com".to_owned();
        assert_eq!(
            leads("mailto:a@example.com?subject=x"),
            Some(Leads::Mail { to })
        );
    }

    #[test]
    fn what_runs_hides_or_pretends_is_not_opened() {
        for address in [
            "javascript:alert(1)",
            "JavaScript:alert(1)//https://example.com",
            "java\nscript:alert(1)",
            " javascript:alert(1)",
            "data:text/html;base64,PHNjcmlwdD4=",
            "vbscript:x",
            "file:///etc/passwd",
            "slipway://import?x",
            "smb://share",
            "blob:https://example.com/1",
            "https:example.com",
            "https://",
            "https://bank.example@evil.example",
            "https://bank.example\\@evil.example",
            "https://exam\u{200b}ple.com",
            "https://\u{202e}moc.elpmaxe",
            "https://ех\u{430}mple.com",
            "//example.com",
            "example.com",
            "#/settings/models",
            "mailto:",
            "",
        ] {
            assert_eq!(leads(address), None, "{address:?}");
        }
        assert_eq!(
            leads(&format!("https://example.com/{}", "a".repeat(LONGEST))),
            None
        );
    }
}
