//! What is offered while one types: templates after a slash, and in a note colleagues after an `@`.

use super::{start::Text, state::Desk};
use domain::chat::begins_name;
use leptos::prelude::*;

/// The longest name that is still being typed.
const LONGEST_NAME: usize = 40;

/// One of what is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// With its sign, `/hello` or `@Eva`.
    mark: String,
    title: String,
    calm: bool,
    /// What takes the place of what was typed.
    pub(super) text: String,
}

impl Choice {
    pub(super) fn of_text(text: &Text) -> Self {
        Self { mark: format!("/{}", text.shortcut), title: text.title.clone(), calm: text.calm, text: text.body.clone() }
    }
}

/// What is being looked for, behind its sign.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sought {
    Template(String),
    Colleague(String),
}

impl Sought {
    /// At the end of what was typed; colleagues are called in notes only.
    fn at_end(typed: &str, note: bool) -> Option<Self> {
        shortcut_in(typed).map(Self::Template).or_else(|| name_in(typed).filter(|_| note).map(Self::Colleague))
    }

    const fn sign(&self) -> char {
        match self {
            Self::Template(_) => '/',
            Self::Colleague(_) => '@',
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Picker {
    desk: Desk,
    sought: RwSignal<Option<Sought>>,
    marked: RwSignal<usize>,
    found: Memo<Vec<Choice>>,
}

impl Picker {
    pub(super) fn new(desk: Desk) -> Self {
        let sought = RwSignal::new(None::<Sought>);
        let found = Memo::new(move |_| sought.with(|sought| sought.as_ref().map(|sought| matching(desk, sought))).unwrap_or_default());
        Self { desk, sought, marked: RwSignal::new(0), found }
    }

    pub(super) fn look(self, typed: &str, note: bool) {
        self.marked.set(0);
        self.sought.set(Sought::at_end(typed, note));
    }

    pub(super) fn close(self) {
        self.sought.set(None);
    }

    /// A template that is not found is said to be none; a name that nobody has is a word like others.
    pub(super) fn is_open(self) -> bool {
        self.sought.with(|sought| matches!(sought, Some(Sought::Template(_)))) || (self.sought.with(Option::is_some) && self.has_some())
    }

    pub(super) fn has_some(self) -> bool {
        self.found.with(|found| !found.is_empty())
    }

    pub(super) fn step(self, by: usize) {
        let count = self.found.with_untracked(Vec::len).max(1);
        self.marked.update(|marked| *marked = (*marked + by) % count);
    }

    pub(super) fn step_back(self) {
        self.step(self.found.with_untracked(Vec::len).saturating_sub(1));
    }

    pub(super) fn marked(self) -> Option<Choice> {
        self.found.with_untracked(|found| found.get(self.marked.get_untracked()).cloned())
    }

    /// What was typed, with what was chosen in the place of what was sought.
    pub(super) fn complete(self, typed: &str, choice: &Choice) -> String {
        match self.sought.get_untracked() {
            Some(sought) => {
                let before = &typed[..typed.rfind(sought.sign()).unwrap_or(typed.len())];
                format!("{before}{}", choice.text)
            }
            None if typed.is_empty() || typed.ends_with(char::is_whitespace) => format!("{typed}{}", choice.text),
            None => format!("{typed}\n{}", choice.text),
        }
    }
}

fn matching(desk: Desk, sought: &Sought) -> Vec<Choice> {
    desk.start.with_value(|start| match sought {
        Sought::Template(text) => {
            let fits = |each: &&Text| each.shortcut.contains(text) || each.title.to_lowercase().contains(text);
            start.texts.iter().filter(fits).map(Choice::of_text).collect()
        }
        Sought::Colleague(name) => {
            let others = start.colleagues.iter().filter(|colleague| colleague.id != start.me && begins_name(&colleague.name, name));
            let choice = |name: &str| Choice { mark: format!("@{name}"), title: String::new(), calm: false, text: format!("@{name} ") };
            others.map(|colleague| choice(&colleague.name)).collect()
        }
    })
}

#[component]
pub(super) fn PickerList(picker: Picker, insert: Callback<Choice>) -> impl IntoView {
    let desk = picker.desk;
    let label = move || match picker.sought.get() {
        Some(Sought::Colleague(_)) => desk.word(|w| &w.compose.colleagues),
        _ => desk.word(|w| &w.compose.templates),
    };
    let options = move || {
        let found = picker.found.get();
        if found.is_empty() {
            return view! { <li class="picker__none soft" role="option" aria-disabled="true">{desk.word(|w| &w.compose.none)}</li> }
                .into_any();
        }
        let option = |(index, choice): (usize, Choice)| {
            let chosen = choice.clone();
            let body = choice.mark.starts_with('/').then_some(choice.text);
            view! {
                <li class="picker__option" role="option" id=format!("template-{index}") aria-selected=move || (picker.marked.get() == index).to_string()
                    on:mousedown=|event| event.prevent_default() on:click=move |_| insert.run(chosen.clone())>
                    <strong>{choice.mark}</strong>" "{choice.title}" "<Calm desk calm=choice.calm/>
                    {body.map(|body| view! { <span class="picker__body soft">{body}</span> })}
                </li>
            }
        };
        found.into_iter().enumerate().map(option).collect_view().into_any()
    };
    view! { <ul class="picker" id="picker" role="listbox" aria-label=label hidden=move || !picker.is_open()>{options}</ul> }
}

impl Picker {
    /// The id of the option that is marked, for who hears the field.
    pub(super) fn active(self) -> Option<String> {
        self.is_open().then(|| format!("template-{}", self.marked.get()))
    }
}

#[component]
fn Calm(desk: Desk, calm: bool) -> impl IntoView {
    calm.then(|| view! { <span class="tag" data-kind="good">{desk.word(|w| &w.compose.calm)}</span> })
}

/// All templates, as links that put them into the field.
#[component]
pub(super) fn Templates(desk: Desk, insert: Callback<Choice>) -> impl IntoView {
    let texts = desk.start.with_value(|start| start.texts.clone());
    let links = texts.into_iter().map(|text| {
        let (chosen, address) = (Choice::of_text(&text), text.address.clone());
        view! {
            <li>
                <a href=address on:click=move |event| { event.prevent_default(); close_menus(); insert.run(chosen.clone()); }>
                    <strong>"/"{text.shortcut}</strong>" "{text.title}
                </a>
                " "<Calm desk calm=text.calm/>
            </li>
        }
    });
    view! {
        <details class="act act--up" id="templates" name="act">
            <summary class="button button--text">{desk.word(|w| &w.compose.templates)}</summary>
            <ul class="act__form templates-menu">{links.collect_view()}</ul>
        </details>
    }
}

fn close_menus() {
    if let Ok(Some(menu)) = document().query_selector("#templates[open]") {
        // A menu that stays open is closed by hand.
        let _ = menu.remove_attribute("open");
    }
}

/// What follows a slash at the beginning of a word at the end of the text.
fn shortcut_in(text: &str) -> Option<String> {
    let (before, after) = text.rsplit_once('/')?;
    let begins = before.is_empty() || before.ends_with(char::is_whitespace);
    (begins && after.chars().all(|c| c.is_alphanumeric() || c == '-')).then(|| after.to_lowercase())
}

/// What follows an `@` in the same way; names have spaces.
fn name_in(text: &str) -> Option<String> {
    let (before, after) = text.rsplit_once('@')?;
    let begins = !before.ends_with(char::is_alphanumeric);
    let is_name = |c: char| c.is_alphanumeric() || c == ' ' || c == '-';
    (begins && after.chars().count() <= LONGEST_NAME && !after.starts_with(' ') && after.chars().all(is_name)).then(|| after.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{name_in, shortcut_in};

    #[test]
    fn a_slash_begins_a_shortcut_where_a_word_begins() {
        assert_eq!(shortcut_in("/"), Some(String::new()));
        assert_eq!(shortcut_in("Hello /Cal"), Some("cal".into()));
        assert_eq!(shortcut_in("and/or"), None);
        assert_eq!(shortcut_in("/late and more"), None);
        assert_eq!(shortcut_in("https://"), None);
    }

    #[test]
    fn an_at_begins_a_name_and_no_mail_address() {
        assert_eq!(name_in("@"), Some(String::new()));
        assert_eq!(name_in("see this, @Eva Ga"), Some("Eva Ga".into()));
        assert_eq!(name_in("ana@example"), None);
        assert_eq!(name_in("@ twelve"), None);
        assert_eq!(name_in("@Eva, this"), None);
    }
}
