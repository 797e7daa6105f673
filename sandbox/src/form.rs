//! Form-encoded parameters as Stripe nests them: `line_items[0][price_data][currency]=eur` becomes a
//! tree. Reading a parameter gives Stripe's own error when it is missing or misshapen.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::api::ApiError;

/// One node of the tree; sorted, so that equal parameters print equally in any order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Param {
    Text(String),
    Map(BTreeMap<String, Param>),
}

/// The tree with the path to it, for error messages.
#[derive(Clone, Debug)]
pub(crate) struct Params {
    tree: BTreeMap<String, Param>,
    path: String,
}

impl Params {
    /// Reads a body or a query.
    pub(crate) fn parse(encoded: &[u8]) -> Result<Self, ApiError> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_bytes(encoded).map_err(|_| ApiError::invalid("The request's parameters are not form-encoded.", ""))?;
        let mut tree = BTreeMap::new();
        for (key, value) in pairs {
            let path = path_of(&key);
            insert(&mut tree, &path, value).ok_or_else(|| ApiError::invalid(format!("Invalid parameter: {key}"), &key))?;
        }
        Ok(Self { tree, path: String::new() })
    }

    /// The same for the same parameters, whatever their order.
    pub(crate) fn canonical(&self) -> String {
        serde_json::to_string(&self.tree).unwrap_or_default()
    }

    /// The full name of a child, as errors call it.
    pub(crate) fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}[{key}]", self.path) }
    }

    /// A text, if it is there and not empty.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.tree.get(key) {
            Some(Param::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// A text that must be there.
    pub(crate) fn required(&self, key: &str) -> Result<&str, ApiError> {
        self.text(key).ok_or_else(|| ApiError::missing(&self.name(key)))
    }

    /// A whole number, if it is there.
    pub(crate) fn integer(&self, key: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.text(key) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            let name = self.name(key);
            ApiError::parameter("parameter_invalid_integer", format!("Invalid integer: {text}"), &name)
        })
    }

    /// A nested tree, empty when absent.
    pub(crate) fn child(&self, key: &str) -> Self {
        let tree = match self.tree.get(key) {
            Some(Param::Map(tree)) => tree.clone(),
            _ => BTreeMap::new(),
        };
        Self { tree, path: self.name(key) }
    }

    /// Nested trees under numbers, in their order.
    pub(crate) fn children(&self, key: &str) -> Vec<Self> {
        let parent = self.child(key);
        let mut keys: Vec<&String> = parent.tree.keys().collect();
        keys.sort_by_key(|key| key.parse::<u64>().unwrap_or(u64::MAX));
        keys.into_iter().map(|key| parent.child(key)).collect()
    }

    /// The texts of a list (`expand[]=a`) or of a single value (`expand=a`).
    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        match self.tree.get(key) {
            Some(Param::Text(text)) => vec![text.clone()],
            Some(Param::Map(tree)) => texts_of(tree).into_values().collect(),
            None => Vec::new(),
        }
    }

    /// Keys and texts, as in `metadata`.
    pub(crate) fn map(&self, key: &str) -> BTreeMap<String, String> {
        match self.tree.get(key) {
            Some(Param::Map(tree)) => texts_of(tree),
            _ => BTreeMap::new(),
        }
    }

    /// Refuses parameters this sandbox knows nothing of, so that a typing error does not pass silently.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        match self.tree.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(unknown) => {
                let name = self.name(unknown);
                let message = format!("Received unknown parameter: {name} (this sandbox knows: {})", known.join(", "));
                Err(ApiError::parameter("parameter_unknown", message, &name))
            }
        }
    }
}

fn texts_of(tree: &BTreeMap<String, Param>) -> BTreeMap<String, String> {
    let text = |(key, param): (&String, &Param)| match param {
        Param::Text(text) => Some((key.clone(), text.clone())),
        Param::Map(_) => None,
    };
    tree.iter().filter_map(text).collect()
}

/// `a[b][0]` becomes `a`, `b`, `0`.
fn path_of(key: &str) -> Vec<&str> {
    let (first, rest) = key.split_once('[').unwrap_or((key, ""));
    let rest = rest.strip_suffix(']').unwrap_or(rest);
    let mut path = vec![first];
    if key.contains('[') {
        path.extend(rest.split("]["));
    }
    path
}

/// `None` when a value and a tree claim the same place.
fn insert(tree: &mut BTreeMap<String, Param>, path: &[&str], value: String) -> Option<()> {
    let (first, rest) = path.split_first()?;
    // `a[]=x&a[]=y` counts by itself.
    let key = if first.is_empty() { tree.len().to_string() } else { (*first).to_owned() };
    if rest.is_empty() {
        return tree.insert(key, Param::Text(value)).is_none().then_some(());
    }
    match tree.entry(key).or_insert_with(|| Param::Map(BTreeMap::new())) {
        Param::Map(child) => insert(child, rest, value),
        Param::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nests_by_brackets_encoded_or_not() {
        let params = Params::parse(
            b"line_items[0][price_data][currency]=eur&line_items%5B10%5D%5Bquantity%5D=2\
              &line_items[2][quantity]=1&expand[]=a&expand[]=b&metadata[0]=x",
        )
        .unwrap();
        let items = params.children("line_items");
        assert_eq!(items.len(), 3);
        assert_eq!(items[0].child("price_data").text("currency"), Some("eur"));
        assert_eq!(items[2].integer("quantity").unwrap(), Some(2));
        assert_eq!(items[1].name("quantity"), "line_items[2][quantity]");
        assert_eq!(params.texts("expand"), ["a", "b"]);
        assert_eq!(params.map("metadata")["0"], "x");
    }

    #[test]
    fn order_does_not_matter_to_the_canonical_form() {
        let one = Params::parse(b"a[x]=1&a[y]=2&b=3").unwrap();
        let other = Params::parse(b"b=3&a[y]=2&a[x]=1").unwrap();
        assert_eq!(one.canonical(), other.canonical());
    }

    #[test]
    fn contradictions_and_unknown_names_are_refused() {
        assert!(Params::parse(b"a=1&a[b]=2").is_err());
        assert!(Params::parse(b"a=1&a=2").is_err());
        assert!(Params::parse(b"mode=payment&mod=x").unwrap().only(&["mode"]).is_err());
        assert!(Params::parse(b"amount=1.5").unwrap().integer("amount").is_err());
    }
}
