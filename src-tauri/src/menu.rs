//! The system's own menus, made of the shortcuts that the window has. A Mac shows them above its screen; elsewhere
//! the window gets a bar when the person asks for it, and keeps its room until then.

use slipway_contract::Problem;
use slipway_contract::shell::Told;
use slipway_contract::shortcut::Shortcut;
use tauri::menu::{Menu, MenuBuilder, MenuEvent, MenuItemBuilder, Submenu, SubmenuBuilder};
use tauri::{AppHandle, Manager as _};

use crate::shell::Shell;
use crate::window::{self, MAIN};

/// The entry that brings the window to the front.
pub(crate) const OPEN: &str = "open";
/// The entry that ends Slipway.
pub(crate) const QUIT: &str = "quit";
/// The entry that hides the window's bar: once it is there, the key that showed it opens its first menu.
const HIDE: &str = "hide-bar";
/// What entries of runs begin with.
pub(crate) const RUN: &str = "run:";
/// What entries of shortcuts begin with.
const SHORTCUT: &str = "shortcut:";

/// A menu: its name, and its entries with the words of each; none parts two groups.
type Part = (&'static str, &'static [Option<(Shortcut, &'static str)>]);

const AGENT: Part = (
    "Agent",
    &[
        Some((Shortcut::NewAgent, "New agent")),
        Some((Shortcut::RunAgent, "Run this agent")),
        Some((Shortcut::Tests, "Tests of this agent")),
        None,
        Some((Shortcut::Palette, "Find or run anything")),
    ],
);

const VIEW: Part = (
    "View",
    &[
        Some((Shortcut::Home, "Home")),
        Some((Shortcut::Agents, "Agents")),
        Some((Shortcut::Runs, "Runs")),
        None,
        Some((Shortcut::Back, "Back")),
        Some((Shortcut::Forward, "Forward")),
        None,
        Some((Shortcut::NextPane, "Next part of the page")),
    ],
);

const HELP: Part = ("Help", &[Some((Shortcut::Shortcuts, "Shortcuts"))]);

/// The menus.
pub(crate) fn bar(window: &AppHandle) -> tauri::Result<Menu<tauri::Wry>> {
    MenuBuilder::new(window)
        .item(&slipway(window)?)
        .item(&part(window, AGENT)?)
        .item(&edit(window)?)
        .item(&view(window)?)
        .item(&part(window, HELP)?)
        .build()
}

fn slipway(window: &AppHandle) -> tauri::Result<Submenu<tauri::Wry>> {
    let menu = SubmenuBuilder::new(window, "Slipway");
    let menu = menu.item(&entry(window, Shortcut::Settings, "Settings…")?);
    let menu = if cfg!(target_os = "macos") {
        menu.separator()
            .services()
            .separator()
            .hide()
            .hide_others()
            .show_all()
    } else {
        menu
    };
    // The system's own would end Slipway without letting go of its runs first.
    let quit = MenuItemBuilder::with_id(QUIT, "Quit Slipway").accelerator("CmdOrCtrl+Q");
    menu.separator().item(&quit.build(window)?).build()
}

fn view(window: &AppHandle) -> tauri::Result<Submenu<tauri::Wry>> {
    let menu = part(window, VIEW)?;
    if !cfg!(target_os = "macos") {
        let hide = MenuItemBuilder::with_id(HIDE, "Hide this bar");
        menu.append(&hide.build(window)?)?;
    }
    Ok(menu)
}

fn edit(window: &AppHandle) -> tauri::Result<Submenu<tauri::Wry>> {
    let menu = SubmenuBuilder::new(window, "Edit");
    let menu = if cfg!(target_os = "macos") {
        menu.undo().redo().separator()
    } else {
        menu
    };
    menu.cut().copy().paste().separator().select_all().build()
}

fn part(window: &AppHandle, (name, entries): Part) -> tauri::Result<Submenu<tauri::Wry>> {
    let mut menu = SubmenuBuilder::new(window, name);
    for each in entries {
        menu = match each {
            Some((shortcut, words)) => menu.item(&entry(window, *shortcut, words)?),
            None => menu.separator(),
        };
    }
    menu.build()
}

fn entry(
    window: &AppHandle,
    shortcut: Shortcut,
    words: &str,
) -> tauri::Result<tauri::menu::MenuItem<tauri::Wry>> {
    MenuItemBuilder::with_id(format!("{SHORTCUT}{}", shortcut.id()), words)
        .accelerator(shortcut.accelerator())
        .build(window)
}

/// Shows the bar of the window, or hides it. On a Mac it is always there.
pub(crate) fn toggle(shell: &Shell) -> Result<(), Problem> {
    let app = shell.window()?;
    let Some(window) = app
        .get_webview_window(MAIN)
        .filter(|_| !cfg!(target_os = "macos"))
    else {
        return Ok(());
    };
    let done = match (window.menu(), window.is_menu_visible()) {
        (None, _) => bar(app).and_then(|bar| window.set_menu(bar)).map(drop),
        (Some(_), Ok(true)) => window.hide_menu(),
        (Some(_), _) => window.show_menu(),
    };
    done.map_err(|error| window::failed("the menu could not be shown", &error))
}

/// What a menu's entry stands for.
#[derive(Debug, PartialEq, Eq)]
enum Chosen {
    Open,
    Quit,
    Hide,
    Told(Told),
}

fn chosen(entry: &str) -> Option<Chosen> {
    if let Some(id) = entry.strip_prefix(SHORTCUT) {
        let shortcut = Shortcut::from_id(id)?.id().to_owned();
        return Some(Chosen::Told(Told::Shortcut { shortcut }));
    }
    if let Some(id) = entry.strip_prefix(RUN) {
        let run = id.parse().ok()?;
        return Some(Chosen::Told(Told::Run { run }));
    }
    match entry {
        OPEN => Some(Chosen::Open),
        QUIT => Some(Chosen::Quit),
        HIDE => Some(Chosen::Hide),
        _ => None,
    }
}

/// Carries out what was chosen, in the menus and in the tray.
pub(crate) fn on_choice(window: &AppHandle, event: &MenuEvent) {
    let shell = window.state::<Shell>();
    match chosen(&event.id().0) {
        Some(Chosen::Open) => shell.show(),
        Some(Chosen::Quit) => window.exit(0),
        Some(Chosen::Hide) => {
            if let Err(problem) = toggle(&shell) {
                tracing::warn!(%problem, "the menu stays");
            }
        }
        Some(Chosen::Told(told)) => {
            shell.tell(told);
            shell.show();
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::RunId;
    use slipway_contract::shortcut::Scope;

    use super::*;

    fn all() -> impl Iterator<Item = Shortcut> {
        let parts = [AGENT, VIEW, HELP].into_iter();
        let entries = parts.flat_map(|(_, entries)| entries.iter().flatten());
        entries
            .map(|(shortcut, _)| *shortcut)
            .chain([Shortcut::Settings])
    }

    #[test]
    fn an_entry_leads_to_its_shortcut() {
        for shortcut in all() {
            let told = Told::Shortcut {
                shortcut: shortcut.id().to_owned(),
            };
            let entry = format!("{SHORTCUT}{}", shortcut.id());
            assert_eq!(chosen(&entry), Some(Chosen::Told(told)));
        }
        let run = RunId::from_random([3; 10]);
        assert_eq!(
            chosen(&format!("{RUN}{run}")),
            Some(Chosen::Told(Told::Run { run }))
        );
        assert_eq!(chosen(QUIT), Some(Chosen::Quit));
        for nothing in ["", "run:", "run:x", "shortcut:format-disk", "shortcut:"] {
            assert_eq!(chosen(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_menu_takes_no_key_from_where_text_is_written() {
        for shortcut in all() {
            assert_ne!(shortcut.scope(), Scope::Text, "{shortcut:?}");
            assert_ne!(shortcut.scope(), Scope::Lists, "{shortcut:?}");
        }
    }
}
