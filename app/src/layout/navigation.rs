//! The categories, two levels deep: a row of popovers on wide screens, one menu on narrow ones. Both are in every
//! page; the style sheet shows the one that fits.

use crate::{
    layout::{Icon, Photograph, Shape, header::LanguageSwitch},
    request, words,
};
use domain::{Language, catalog::CategoryNode};
use leptos::prelude::*;
use shop::catalog::menu;
use std::sync::{Arc, PoisonError, RwLock};

#[component]
pub fn Navigation() -> impl IntoView {
    let (shop, language, facts) = (request::shop(), request::language(), request::facts());
    view! {
        <Suspense>
            {Suspend::new(async move {
                // A page without its menu is still a page; the fault is in the log.
                let categories = menu::categories(&shop, language).await.unwrap_or_else(|failure| {
                    tracing::error!(error = %failure, "the menu could not be read");
                    facts.lacks_something();
                    Arc::default()
                });
                let lists = Lists::of(&categories, language);
                view! { <Row list=lists.wide.clone()/> <Menu list=lists.narrow.clone()/> }
            })}
        </Suspense>
    }
}

/// The HTML of both lists. The same on every page, it is rendered once for each tree of categories.
struct Lists {
    tree: Arc<[CategoryNode]>,
    language: Language,
    wide: String,
    narrow: String,
}

/// Those rendered last, one for each language.
static LISTS: RwLock<Vec<Arc<Lists>>> = RwLock::new(Vec::new());

impl Lists {
    fn of(tree: &Arc<[CategoryNode]>, language: Language) -> Arc<Self> {
        let known = LISTS.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(lists) = known.iter().find(|lists| lists.language == language && Arc::ptr_eq(&lists.tree, tree)) {
            return lists.clone();
        }
        drop(known);
        let (wide, narrow) = (wide(tree, language).to_html(), narrow(tree, language).to_html());
        let lists = Arc::new(Self { tree: tree.clone(), language, wide, narrow });
        let mut known = LISTS.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|other| other.language != language);
        known.push(lists.clone());
        lists
    }
}

/// Wide screens: a button a category, which opens what is below it.
#[component]
fn Row(list: String) -> impl IntoView {
    let language = request::language();
    view! { <nav class="nav wrap" aria-label=words!(language, layout.categories) inner_html=list></nav> }
}

fn wide(categories: &[CategoryNode], language: Language) -> impl IntoView + use<> {
    let items = categories.iter().cloned().map(|category| {
        if category.children.is_empty() {
            return view! { <li><a class="nav__item" href=format!("/{language}/c/{}", category.slug)>{category.name}</a></li> }.into_any();
        }
        let id = format!("nav-{}", category.slug);
        view! {
            <li>
                <button class="nav__item" type="button" popovertarget=id.clone()>{category.name.clone()}<Icon shape=Shape::Down/></button>
                <Panel category id/>
            </li>
        }
        .into_any()
    });
    view! {
        <ul>
            {items.collect_view()}
            <li><a class="nav__item" href=format!("/{language}/search")>{words!(language, layout.see_everything)}</a></li>
        </ul>
    }
}

#[component]
fn Panel(category: CategoryNode, id: String) -> impl IntoView {
    let language = request::language();
    let all = words!(language, layout.all_of, category = category.name.clone());
    view! {
        <div class="nav__panel" id=id popover="auto">
            <div class="wrap">
                <ul>
                    <li><a href=format!("/{language}/c/{}", category.slug)>{all}</a></li>
                    {children(category.children)}
                </ul>
                {category.picture.map(|picture| view! { <Photograph picture sizes="20rem"/> })}
            </div>
        </div>
    }
}

/// Narrow screens: everything under one button.
#[component]
fn Menu(list: String) -> impl IntoView {
    let language = request::language();
    view! {
        <div class="menu" id="menu" popover="auto">
            <div class="menu__head">
                <LanguageSwitch/>
                <button class="close" type="button" popovertarget="menu" popovertargetaction="hide">
                    <Icon shape=Shape::Close/>
                    <span class="visually-hidden">{words!(language, layout.close)}</span>
                </button>
            </div>
            <nav aria-label=words!(language, layout.menu) inner_html=list></nav>
        </div>
    }
}

fn narrow(categories: &[CategoryNode], language: Language) -> impl IntoView + use<> {
    let items = categories.iter().cloned().map(|category| {
        let below = (!category.children.is_empty()).then(|| view! { <ul>{children(category.children)}</ul> });
        view! { <li><a class="menu__category" href=format!("/{language}/c/{}", category.slug)>{category.name}</a>{below}</li> }
    });
    view! {
        <ul>
            {items.collect_view()}
            <li><a class="menu__category" href=format!("/{language}/search")>{words!(language, layout.see_everything)}</a></li>
        </ul>
    }
}

fn children(categories: Vec<CategoryNode>) -> impl IntoView {
    let language = request::language();
    let link = move |category: CategoryNode| view! { <li><a href=format!("/{language}/c/{}", category.slug)>{category.name}</a></li> };
    categories.into_iter().map(link).collect_view()
}
