//! The filters of templates: those of minijinja that cannot make much of little, and our own.

mod figures;
mod texts;

use minijinja::value::{Kwargs, Rest, Value};
use minijinja::{Environment, Error, ErrorKind, State, filters};

use crate::blocking::Stop;

/// Leaves only bounded filters and functions in the environment. Each looks first whether the
/// call is still wanted: a sort is one step to the count of steps.
pub(crate) fn install(environment: &mut Environment<'_>, stop: &Stop) {
    for name in [
        "attr", "batch", "bool", "chain", "dictsort", "escape", "float", "format", "indent", "int",
        "pprint", "slice", "string", "zip", "tojson", "title",
    ] {
        environment.remove_filter(name);
    }
    for name in ["debug", "dict", "namespace"] {
        environment.remove_global(name);
    }
    for (name, filter) in [
        ("abs", Value::from_function(filters::abs)),
        ("capitalize", Value::from_function(filters::capitalize)),
        ("count", Value::from_function(filters::length)),
        ("e", Value::from_function(filters::escape)),
        ("first", Value::from_function(filters::first)),
        ("groupby", Value::from_function(filters::groupby)),
        ("items", Value::from_function(filters::items)),
        ("last", Value::from_function(filters::last)),
        ("length", Value::from_function(filters::length)),
        ("lines", Value::from_function(filters::lines)),
        ("list", Value::from_function(filters::list)),
        ("lower", Value::from_function(filters::lower)),
        ("map", Value::from_function(filters::map)),
        ("max", Value::from_function(filters::max)),
        ("min", Value::from_function(filters::min)),
        ("reject", Value::from_function(filters::reject)),
        ("rejectattr", Value::from_function(filters::rejectattr)),
        ("reverse", Value::from_function(filters::reverse)),
        ("safe", Value::from_function(filters::safe)),
        ("select", Value::from_function(filters::select)),
        ("selectattr", Value::from_function(filters::selectattr)),
        ("sort", Value::from_function(filters::sort)),
        ("split", Value::from_function(filters::split)),
        ("trim", Value::from_function(filters::trim)),
        ("unique", Value::from_function(filters::unique)),
        ("upper", Value::from_function(filters::upper)),
        ("cell", Value::from_function(texts::cell)),
        ("d", Value::from_function(texts::default)),
        ("date", Value::from_function(figures::date)),
        ("default", Value::from_function(texts::default)),
        ("join", Value::from_function(texts::join)),
        ("money", Value::from_function(figures::money)),
        ("replace", Value::from_function(texts::replace)),
        ("round", Value::from_function(figures::round)),
        ("sum", Value::from_function(figures::sum)),
        ("truncate", Value::from_function(texts::truncate)),
    ] {
        let stop = stop.clone();
        let guarded = move |state: &mut State<'_, '_>, args: Rest<Value>, named: Kwargs| {
            if stop.is_set() {
                return Err(refused("the call was cancelled"));
            }
            let mut args = args.0;
            if named.args().next().is_some() {
                args.push(Value::from(named));
            }
            filter.call(state, &args)
        };
        environment.add_filter(name, guarded);
    }
}

fn refused(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, what.into())
}
