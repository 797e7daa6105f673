//! The categories, two levels deep: a row of popovers on wide screens, one menu on narrow ones. Both are in every
//! page; the style sheet shows the one that fits.

use crate::{
    layout::{Icon, Photograph, Shape, header::LanguageSwitch},
    request, words,
};
use domain::catalog::CategoryNode;
use leptos::prelude::*;
use shop::catalog::menu;

#[component]
pub fn Navigation() -> impl IntoView {
    let (shop, language, facts) = (request::shop(), request::language(), request::facts());
    view! {
        <Suspense>
            {Suspend::new(async move {
                // A page without its menu is still a page; the fault is in the log.
                let categories = match menu::categories(&shop, language).await {
                    Ok(categories) => categories.to_vec(),
                    Err(failure) => {
                        tracing::error!(error = %failure, "the menu could not be read");
                        facts.lacks_something();
                        Vec::new()
                    }
                };
                view! { <Row categories=categories.clone()/> <Menu categories/> }
            })}
        </Suspense>
    }
}

/// Wide screens: a button a category, which opens what is below it.
#[component]
fn Row(categories: Vec<CategoryNode>) -> impl IntoView {
    let language = request::language();
    let items = categories.into_iter().map(|category| {
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
        <nav class="nav wrap" aria-label=words!(language, layout.categories)>
            <ul>
                {items.collect_view()}
                <li><a class="nav__item" href=format!("/{language}/search")>{words!(language, layout.see_everything)}</a></li>
            </ul>
        </nav>
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
fn Menu(categories: Vec<CategoryNode>) -> impl IntoView {
    let language = request::language();
    let items = categories.into_iter().map(|category| {
        let below = (!category.children.is_empty()).then(|| view! { <ul>{children(category.children)}</ul> });
        view! { <li><a class="menu__category" href=format!("/{language}/c/{}", category.slug)>{category.name}</a>{below}</li> }
    });
    view! {
        <div class="menu" id="menu" popover="auto">
            <div class="menu__head">
                <LanguageSwitch/>
                <button class="close" type="button" popovertarget="menu" popovertargetaction="hide">
                    <Icon shape=Shape::Close/>
                    <span class="visually-hidden">{words!(language, layout.close)}</span>
                </button>
            </div>
            <nav aria-label=words!(language, layout.menu)>
                <ul>
                    {items.collect_view()}
                    <li><a class="menu__category" href=format!("/{language}/search")>{words!(language, layout.see_everything)}</a></li>
                </ul>
            </nav>
        </div>
    }
}

fn children(categories: Vec<CategoryNode>) -> impl IntoView {
    let language = request::language();
    let link = move |category: CategoryNode| view! { <li><a href=format!("/{language}/c/{}", category.slug)>{category.name}</a></li> };
    categories.into_iter().map(link).collect_view()
}
