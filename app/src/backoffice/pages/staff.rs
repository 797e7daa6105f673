//! `/{language}/desk/staff`: who works here, for administrators: inviting, roles, switching off.

use super::{
    super::{Desk, Section},
    Outcome, moment, role_name,
};
use crate::{
    account::{
        answer::{self, Refused},
        cookies::HandedOver,
        field::Field,
    },
    boundary::AppError,
    request, words,
};
use domain::{
    Language,
    account::AccountRefusal,
    staff::{Permission, Role, Roles},
};
use leptos::prelude::*;
use shop::account::staff::{self, Person, Work};
use std::collections::BTreeSet;

#[component]
pub fn Staff() -> impl IntoView {
    let language = request::language();
    let (shop, actor) = (request::shop(), request::actor());
    view! {
        <Desk section=Section::Staff needs=Permission::ManageStaff title=words!(language, backoffice.section.staff)>
            <Outcome language/>
            <Refusal language/>
            <Suspense>
                {Suspend::new(async move {
                    match staff::list(&shop, &actor).await {
                        Ok(people) => view! { <People people language/> }.into_any(),
                        Err(failure) => {
                            let sentence = answer::sentence(&AppError::from(failure), language);
                            view! { <p class="notice" data-kind="bad">{sentence}</p> }.into_any()
                        }
                    }
                })}
            </Suspense>
            <Invite language/>
        </Desk>
    }
}

/// What one of the people's forms came back with; the invitation says it beside its fields.
#[component]
fn Refusal(language: Language) -> impl IntoView {
    let error = answer::refused().filter(|_| request::queried("form").is_none())?;
    Some(view! { <p class="notice" data-kind="bad" role="alert">{answer::sentence(&error, language)}</p> })
}

/// Everybody, and the teams there are: a name that is typed in another way is another team.
#[component]
fn People(people: Vec<Person>, language: Language) -> impl IntoView {
    let teams: BTreeSet<String> = people.iter().map(|person| person.work.team.clone()).filter(|team| !team.is_empty()).collect();
    view! {
        <datalist id="teams">{teams.into_iter().map(|team| view! { <option value=team></option> }).collect_view()}</datalist>
        {people.into_iter().map(|person| view! { <PersonBox person language/> }).collect_view()}
    }
}

#[component]
fn PersonBox(person: Person, language: Language) -> impl IntoView {
    let seen = match person.seen_at {
        Some(at) => words!(language, backoffice.staff.seen, at = moment(at, language)),
        None => words!(language, backoffice.staff.not_seen),
    };
    let standing = if !person.active {
        words!(language, backoffice.staff.switched_off)
    } else if person.invited {
        words!(language, backoffice.staff.invited)
    } else if person.has_second_factor {
        words!(language, backoffice.staff.two_factors)
    } else {
        words!(language, backoffice.staff.one_factor)
    };
    let id = person.id.to_string();
    view! {
        <article class="panel stack person" id=format!("person-{id}") aria-labelledby=format!("name-{id}")>
            <div class="person__head">
                <h2 id=format!("name-{id}")>{person.name.clone()}</h2>
                <p class="soft">{person.email.clone()}</p>
                <p class="small">{standing}" · "{seen}</p>
            </div>
            <form class="cluster" method="post" action="/api/desk/staff-roles">
                <input type="hidden" name="staff" value=id.clone()/>
                <RoleBoxes roles=person.roles of=id.clone() language/>
                <button class="button button--quiet" type="submit">{words!(language, backoffice.staff.save_roles)}</button>
            </form>
            <WorkForm work=person.work of=id.clone() language/>
            <div class="cluster">
                {person.active.then(|| view! { <Act to="staff-link" id=id.clone() label=words!(language, backoffice.staff.send_link)/> })}
                {person.has_second_factor.then(|| view! { <Act to="staff-factor" id=id.clone() label=words!(language, backoffice.staff.forget_factor)/> })}
                {if person.active {
                    view! { <Act to="staff-off" id=id.clone() label=words!(language, backoffice.staff.switch_off)/> }.into_any()
                } else {
                    view! { <Act to="staff-on" id=id.clone() label=words!(language, backoffice.staff.switch_on)/> }.into_any()
                }}
            </div>
        </article>
    }
}

/// What routing goes by.
#[component]
fn WorkForm(work: Work, of: String, language: Language) -> impl IntoView {
    let languages = Language::ALL.into_iter().map(|each| {
        view! {
            <label class="person__role" lang=each.code()>
                <input type="checkbox" name=each.code() value="true" checked=work.languages.contains(&each)/>
                {each.endonym()}
            </label>
        }
    });
    view! {
        <form class="cluster" method="post" action="/api/desk/staff-work">
            <input type="hidden" name="staff" value=of.clone()/>
            <fieldset class="cluster">
                <legend class="visually-hidden">{words!(language, backoffice.staff.languages)}</legend>
                {languages.collect_view()}
            </fieldset>
            <div class="field field--inline">
                <label for=format!("team-{of}")>{words!(language, backoffice.staff.team)}</label>
                <input id=format!("team-{of}") name="team" type="text" list="teams" maxlength="40" value=work.team autocomplete="off"/>
            </div>
            <div class="field field--inline">
                <label for=format!("skills-{of}")>{words!(language, backoffice.staff.skills)}</label>
                <input id=format!("skills-{of}") name="skills" type="text" value=work.skills.join(", ") autocomplete="off"/>
            </div>
            <div class="field field--inline">
                <label for=format!("cap-{of}")>{words!(language, backoffice.staff.load_cap)}</label>
                <input class="quantity" id=format!("cap-{of}") name="load_cap" type="number" min="1" max="50" value=work.load_cap/>
            </div>
            <button class="button button--quiet" type="submit">{words!(language, backoffice.staff.save_work)}</button>
        </form>
    }
}

/// One button that does one thing to one person.
#[component]
fn Act(to: &'static str, id: String, label: String) -> impl IntoView {
    view! {
        <form method="post" action=format!("/api/desk/{to}")>
            <input type="hidden" name="staff" value=id.clone()/>
            <button class="button button--text" type="submit" aria-describedby=format!("name-{id}")>{label}</button>
        </form>
    }
}

#[component]
fn RoleBoxes(roles: Roles, of: String, language: Language) -> impl IntoView {
    let boxes = Role::ALL.iter().map(|&role| {
        view! {
            <label class="person__role" for=format!("{}-{of}", role.code())>
                <input id=format!("{}-{of}", role.code()) type="checkbox" name=role.code() value="true" checked=roles.has(role)/>
                {role_name(role, language)}
            </label>
        }
    });
    view! {
        <fieldset class="cluster">
            <legend class="visually-hidden">{words!(language, backoffice.staff.roles)}</legend>
            {boxes.collect_view()}
        </fieldset>
    }
}

#[component]
fn Invite(language: Language) -> impl IntoView {
    let typed = HandedOver::take();
    let error = answer::refused().filter(|_| request::queried("form").as_deref() == Some("invite"));
    let about = |wanted: &[AccountRefusal]| {
        let is_about = |error: &&Refused| answer::refusal(error).is_some_and(|refusal| wanted.contains(&refusal));
        error.as_ref().filter(is_about).map(|error| answer::sentence(error, language))
    };
    let (email_error, name_error) = (about(&[AccountRefusal::NotAnEmail, AccountRefusal::EmailInUse]), about(&[AccountRefusal::NoName]));
    let rest =
        (email_error.is_none() && name_error.is_none()).then(|| error.as_ref().map(|error| answer::sentence(error, language))).flatten();
    let chosen: Vec<Role> = typed.all("role").iter().filter_map(|code| Role::from_code(code)).collect();
    view! {
        <section class="panel stack" id="invite" aria-labelledby="invite-title">
            <h2 id="invite-title">{words!(language, backoffice.staff.invite)}</h2>
            <form class="stack" method="post" action="/api/desk/staff-invite">
                <div class="fields">
                    <Field id="name" label=words!(language, account.name) value=typed.get("name") error=name_error/>
                    <Field id="email" label=words!(language, account.email) kind="email" value=typed.get("email") error=email_error/>
                </div>
                <RoleBoxes roles=Roles::of(&chosen) of="new".to_owned() language/>
                {rest.map(|sentence| view! { <p class="field__error" role="alert">{sentence}</p> })}
                <div><button class="button" type="submit">{words!(language, backoffice.staff.send_invitation)}</button></div>
            </form>
        </section>
    }
}
