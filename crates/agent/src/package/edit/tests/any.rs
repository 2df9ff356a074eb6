//! Any edits, at any place.

use proptest::prelude::*;

use super::*;

/// Values as forms make them; TOML knows no null, and an empty list of tables is no list.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1.0e6..1.0e6_f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let entries = proptest::collection::btree_map("[a-z. ]{1,4}", inner.clone(), 0..4);
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            entries.prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_was_set_is_found_and_comments_stay(
        first in values(),
        second in values(),
        place in prop_oneof![Just("output/properties/x"), Just("permissions/files/0"), Just("new")],
    ) {
        let mut edited = text(TEXT);
        for value in [first, second] {
            edited.set(&way(place), &value).unwrap();
            let again = text(&edited.to_string());
            prop_assert_eq!(again.get(&way(place)), Some(value));
            for comment in ["# Counts", "# do not rename", "# the bills", "# always", "# Money:"] {
                prop_assert!(again.to_string().contains(comment), "{}", comment);
            }
        }
    }
}

/// A text with every way to write a table; `own` comments belong to a key, the others to nobody.
const WILD: &str = r#"# top

# own first
first = 1 # own first too

[plain] # own plain
# own a
a = 1

# in plain

b.c.d = 2 # own b
# own inline
inline = { x = 1, y = [1, 2] }

# above list

[[list]]
n = 1
# in list 0

[list.below]
# own below
k = [
  1, # own one

  # in array

  2,
]
[[list.more]]
m = 1

[[list.more]]
m = 2

# between

[[list]]
n = 2
[list.below]
k = []

[far.away.table]
z = 1

# before late

[[late]]
q = 1

[plain.late]
w = 1

# the end
"#;

const ALONE: [&str; 8] = [
    "# top",
    "# in plain",
    "# above list",
    "# in list 0",
    "# in array",
    "# between",
    "# before late",
    "# the end",
];

fn places() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "first",
        "plain",
        "plain/a",
        "plain/b",
        "plain/b/c",
        "plain/b/c/d",
        "plain/b/c/new",
        "plain/b/e",
        "plain/inline",
        "plain/inline/x",
        "plain/inline/y",
        "plain/inline/y/1",
        "plain/inline/new",
        "plain/late",
        "list",
        "list/0",
        "list/1",
        "list/2",
        "list/0/below",
        "list/0/below/k",
        "list/0/below/k/0",
        "list/0/below/k/1",
        "list/0/below/k/2",
        "list/0/more",
        "list/0/more/0",
        "list/0/more/1",
        "list/0/more/2",
        "list/1/below/new",
        "list/1/new",
        "far",
        "far/away",
        "far/away/table",
        "far/away/new",
        "late",
        "late/0",
        "new",
        "new/deep",
    ])
}

#[derive(Debug, Clone)]
enum Edit {
    Set(&'static str, Value),
    Remove(&'static str),
    /// Turns a list around.
    Turn(&'static str),
    /// Moves its first element behind the others.
    Rotate(&'static str),
}

fn edits() -> impl Strategy<Value = Edit> {
    let lists = || prop::sample::select(vec!["list", "list/0/more", "late", "list/0/below/k"]);
    prop_oneof![
        3 => (places(), values()).prop_map(|(place, value)| Edit::Set(place, value)),
        2 => places().prop_map(Edit::Remove),
        2 => lists().prop_map(Edit::Turn),
        1 => lists().prop_map(Edit::Rotate),
    ]
}

/// What the value must be after an edit: the same done to plain JSON.
fn put(value: &mut Value, path: &[Step], new: &Value) {
    let Some((step, rest)) = path.split_first() else {
        *value = new.clone();
        return;
    };
    match step {
        Step::Key(key) => {
            let entries = value.as_object_mut().unwrap();
            put(entries.entry(key).or_insert_with(|| json!({})), rest, new);
        }
        Step::Index(index) => {
            let items = value.as_array_mut().unwrap();
            if *index == items.len() {
                items.push(json!({}));
            }
            put(&mut items[*index], rest, new);
        }
    }
}

fn untouched(own: &str, touched: &[&str]) -> bool {
    touched.iter().all(|place| {
        let (place, own) = (format!("{place}/"), format!("{own}/"));
        !own.starts_with(&place) && !place.starts_with(&own)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn any_edits_read_back_and_keep_the_comments_of_what_they_leave_alone(
        edits in proptest::collection::vec(edits(), 1..6),
    ) {
        let mut edited = text(WILD);
        let mut touched = Vec::new();
        for edit in edits {
            let before = edited.clone();
            let mut wanted = edited.get(&[]).unwrap();
            let (place, new) = match edit {
                Edit::Set(place, value) => (place, value),
                Edit::Remove(place) => {
                    let was_there = edited.get(&way(place)).is_some();
                    prop_assert_eq!(edited.remove(&way(place)), was_there, "{} in\n{}", place, before);
                    touched.push(place);
                    continue;
                }
                Edit::Turn(place) | Edit::Rotate(place) => {
                    let Some(Value::Array(mut items)) = edited.get(&way(place)) else { continue };
                    if matches!(edit, Edit::Turn(_)) { items.reverse() } else if !items.is_empty() { items.rotate_left(1) }
                    (place, Value::Array(items))
                }
            };
            match edited.set(&way(place), &new) {
                Ok(()) => {
                    put(&mut wanted, &way(place), &new);
                    prop_assert_eq!(edited.get(&[]).unwrap(), wanted, "{} in\n{}", place, before);
                    touched.push(place);
                }
                Err(error) => {
                    prop_assert!(matches!(error, EditError::NoPlace(_)), "{}: {} in\n{}", place, error, before);
                    prop_assert_eq!(edited.to_string(), before.to_string());
                }
            }
            let again = text(&edited.to_string());
            prop_assert_eq!(again.get(&[]), edited.get(&[]), "from\n{}", edited);
        }
        let text = edited.to_string();
        for comment in ALONE {
            prop_assert_eq!(text.matches(comment).count(), 1, "{} in\n{}", comment, text);
        }
        for (own, place) in [
            ("# own first\n", "first"),
            ("# own first too", "first"),
            ("# own plain", "plain"),
            ("# own a\n", "plain/a"),
            ("# own b\n", "plain/b"),
            ("# own inline", "plain/inline"),
            ("# own below", "list"),
            ("# own one", "list"),
        ] {
            if untouched(place, &touched) {
                prop_assert!(text.contains(own), "{} in\n{}", own, text);
            }
        }
    }
}
