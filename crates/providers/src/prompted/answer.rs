//! Reading an answer: the words for the person, and the calls.
//!
//! What only quotes a call is no call: an answer often repeats what a tool returned, and that may
//! have been written by anybody.

use serde_json::{Map, Value};
use slipway_contract::message::Message;
use slipway_contract::tool::ToolDefinition;

use super::json::{self, Ending};
use super::search::{self, Start};

/// Objects of one answer that are looked at.
const MOST_TRIES: usize = 256;

const LISTS: [&str; 2] = ["calls", "tool_calls"];
const NAMES: [&str; 3] = ["name", "tool", "tool_name"];
const ARGUMENTS: [&str; 5] = ["arguments", "parameters", "args", "params", "input"];

/// What was asked.
pub(super) struct Asked<'a> {
    pub(super) tools: &'a [&'a ToolDefinition],
    pub(super) messages: &'a [Message],
    /// The answer reached the limit of its tokens.
    pub(super) is_cut: bool,
}

/// What stands in an answer.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Found {
    pub(super) text: String,
    pub(super) calls: Vec<Call>,
}

/// A call as the model asked for it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) tool: String,
    pub(super) arguments: Value,
    pub(super) malformed: Option<String>,
}

/// An object that asks for calls, or says that there are none.
struct Object {
    calls: Vec<Call>,
    reply: Option<String>,
    length: usize,
    /// It has the form that was agreed on, and not only one that is known.
    is_agreed: bool,
}

/// Reads a whole answer.
pub(super) fn read(said: &str, asked: &Asked<'_>) -> Found {
    let mut quotes = Quotes::new(asked.messages);
    let (mut from, mut tries) = (0, 0);
    while let Some(found_at) = said[from..].find('{') {
        let at = from + found_at;
        let inside = &said[at + 1..];
        if !search::may_be_json(inside) {
            from = at + 1;
            continue;
        }
        tries += 1;
        if tries > MOST_TRIES {
            break;
        }
        let begins = search::begins_as_call(inside) == Some(true);
        let object = begins.then(|| object(&said[at..], asked)).flatten();
        let Some(object) = object else {
            // What stands in another object belongs to that.
            let other = json::read(&said[at..]).filter(|read| read.ending == Ending::Whole);
            from = at + other.map_or(1, |read| read.length.max(1));
            continue;
        };
        let end = at + object.length;
        if quotes.hold(&said[at..end]) {
            from = end;
            continue;
        }
        let (more, rest) = following(&said[end..], asked, &mut quotes);
        if !object.is_agreed && !rest.trim().is_empty() {
            from = end;
            continue;
        }
        let before = &said[..search::lead_in(said, at)];
        return found(before, object, more, rest);
    }
    Found {
        text: said.to_owned(),
        calls: Vec::new(),
    }
}

fn found(before: &str, object: Object, more: Vec<Call>, rest: &str) -> Found {
    let mut calls = object.calls;
    calls.extend(more);
    let after = match &object.reply {
        Some(reply) => reply.as_str(),
        // Nothing is called, and the answer follows.
        None if calls.is_empty() => rest.trim(),
        // What follows a call was written without its result.
        None => "",
    };
    let text = match (before.trim().is_empty(), after.is_empty()) {
        (true, _) => after.to_owned(),
        (false, true) => before.to_owned(),
        (false, false) => format!("{before}\n\n{after}"),
    };
    Found { text, calls }
}

/// Further calls, where one object follows the other, and what comes after them.
fn following<'s>(
    said: &'s str,
    asked: &Asked<'_>,
    quotes: &mut Quotes<'_>,
) -> (Vec<Call>, &'s str) {
    let mut calls = Vec::new();
    let mut rest = search::after(said);
    for _ in 0..MOST_TRIES {
        let Start::Here(at) = search::start(rest, 0) else {
            break;
        };
        if search::lead_in(rest, at) > 0 {
            break;
        }
        match object(&rest[at..], asked) {
            Some(next) if !quotes.hold(&rest[at..at + next.length]) => {
                calls.extend(next.calls);
                rest = search::after(&rest[at + next.length..]);
            }
            _ => break,
        }
    }
    (calls, rest)
}

/// The object with which a text begins, when it asks for calls.
fn object(text: &str, asked: &Asked<'_>) -> Option<Object> {
    let Some(read) = json::read(text) else {
        return unreadable(text, asked, "it is not valid JSON");
    };
    match read.ending {
        Ending::Cut => {
            return unreadable(text, asked, "it ends in the middle");
        }
        Ending::Unclosed if asked.is_cut => {
            return unreadable(text, asked, "it was cut off at the answer's limit");
        }
        Ending::Whole | Ending::Unclosed => {}
    }
    let Value::Object(map) = read.value else {
        return None;
    };
    let reply = map.get("reply").map(|reply| match reply {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let list = LISTS.iter().find_map(|list| map.get(*list));
    if let Some(items) = list.and_then(items) {
        let is_call = |item: &Value| call(item, asked).is_some();
        let nothing = items.is_empty() && (reply.is_some() || map.len() == 1);
        if !nothing && !items.iter().any(is_call) {
            return None;
        }
        let calls = items.iter().map(|item| {
            call(item, asked).unwrap_or_else(|| Call {
                tool: String::new(),
                arguments: Value::String(item.to_string()),
                malformed: Some("it names no tool".to_owned()),
            })
        });
        return Some(Object {
            calls: calls.collect(),
            reply,
            length: read.length,
            is_agreed: true,
        });
    }
    let alone = Value::Object(map);
    let call = call(&alone, asked).filter(|call| asked.knows(&call.tool))?;
    let has_arguments = arguments_of(&alone).is_some();
    has_arguments.then_some(Object {
        calls: vec![call],
        reply: None,
        length: read.length,
        is_agreed: false,
    })
}

impl Asked<'_> {
    fn knows(&self, name: &str) -> bool {
        self.tools.iter().any(|tool| tool.name == name)
    }
}

/// A list of calls; one alone counts as a list.
fn items(list: &Value) -> Option<&[Value]> {
    match list {
        Value::Array(items) => Some(items),
        Value::Object(_) => Some(std::slice::from_ref(list)),
        _ => None,
    }
}

/// The call that an object is, when it is one.
fn call(item: &Value, asked: &Asked<'_>) -> Option<Call> {
    let inner = match item.get("function") {
        Some(function @ Value::Object(_)) => function,
        _ => item,
    };
    let name = NAMES.iter().find_map(|name| inner.get(*name)?.as_str());
    let name = name.or_else(|| item.get("function")?.as_str())?;
    let (arguments, malformed) = match arguments_of(item) {
        None if asked.knows(name) => (Value::Object(Map::new()), None),
        None => return None,
        Some(arguments) => read_arguments(arguments),
    };
    Some(Call {
        tool: name.to_owned(),
        arguments,
        malformed,
    })
}

fn arguments_of(item: &Value) -> Option<&Value> {
    let inner = item.get("function").filter(|function| function.is_object());
    let inner = inner.unwrap_or(item);
    ARGUMENTS.iter().find_map(|key| inner.get(*key))
}

/// The arguments as an object, or as the model's own text with the reason why they are none.
fn read_arguments(arguments: &Value) -> (Value, Option<String>) {
    let found = match arguments {
        Value::Object(_) => return (arguments.clone(), None),
        Value::Null => return (Value::Object(Map::new()), None),
        // As other interfaces want them.
        Value::String(text) => match json::read(text) {
            Some(read) if read.ending == Ending::Whole && read.value.is_object() => {
                return (read.value, None);
            }
            _ => "a string",
        },
        Value::Array(_) => "an array",
        Value::Number(_) => "a number",
        Value::Bool(_) => "a truth value",
    };
    let raw = match arguments {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let why = format!("the arguments are {found}, not a JSON object");
    (Value::String(raw), Some(why))
}

/// A call that cannot be read, when it surely was to be one: the model is told, and tries again.
fn unreadable(text: &str, asked: &Asked<'_>, why: &str) -> Option<Object> {
    let key = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let is_agreed = LISTS.iter().any(|list| key.starts_with(list));
    let named = |tool: &&&ToolDefinition| {
        let quoted = ['"', '\''].map(|quote| format!("{quote}{}{quote}", tool.name));
        quoted.iter().filter_map(|name| text.find(name)).min()
    };
    let tools = asked.tools.iter();
    let named = tools.filter_map(|tool| Some((named(&tool)?, tool.name.clone())));
    let named = named.min();
    let speaks_of_arguments = ARGUMENTS.iter().any(|word| text.contains(word));
    if !is_agreed && (named.is_none() || !speaks_of_arguments) {
        return None;
    }
    Some(Object {
        calls: vec![Call {
            tool: named.map(|(_, name)| name).unwrap_or_default(),
            arguments: Value::String(text.trim_end().to_owned()),
            malformed: Some(format!("the call cannot be read: {why}")),
        }],
        reply: None,
        length: text.len(),
        is_agreed: true,
    })
}

/// What the model was given by others, in which a call may stand that is not its own.
struct Quotes<'a> {
    messages: &'a [Message],
    bare: Option<Vec<String>>,
}

impl<'a> Quotes<'a> {
    const fn new(messages: &'a [Message]) -> Self {
        Self {
            messages,
            bare: None,
        }
    }

    /// Whether this stands there, however it was quoted or broken into lines.
    fn hold(&mut self, object: &str) -> bool {
        let messages = self.messages;
        let texts = self.bare.get_or_insert_with(|| {
            let given = messages.iter().filter_map(|message| match message {
                Message::User { text, .. } | Message::Tool { text, .. } => Some(bare(text)),
                Message::Assistant { .. } => None,
            });
            given.collect()
        });
        let object = bare(object);
        object.len() > "calls".len() && texts.iter().any(|text| text.contains(&object))
    }
}

/// Nothing but letters and digits.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
