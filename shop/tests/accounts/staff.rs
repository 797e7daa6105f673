//! The staff: guessing, sessions, the second factor, invitations, permissions and the log of what was done.

use super::{
    PASSWORD,
    support::{World, refusal},
};
use domain::{
    Language,
    account::AccountRefusal::{
        LastAdministrator, LinkSpent, NotAllowed, PasswordTooShort, TooManyTries, WrongCode, WrongLogIn, WrongPassword,
    },
    ids::SessionId,
    staff::{Role, Roles},
};
use shop::{
    Actor,
    account::{
        session,
        staff::{self, FirstPassword, NewStaff, Way, Work},
    },
    audit::{self, Search},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::{Duration, OffsetDateTime};
use totp_rs::{Algorithm, Secret, TOTP};

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_guesses_waits_and_who_knows_better_gets_in_after_that(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::without_goods(pool, options).await;
    w.hire("alba@shop.test", Role::Agent).await;
    let guess = async |w: &World, email: &str, password: &str| staff::log_in(&w.shop, email, password, "", w.now).await.map(|_| ());
    for _ in 0..5 {
        assert_eq!(refusal(guess(&w, "Alba@shop.test", "wrong").await), WrongLogIn);
    }
    assert_eq!(refusal(guess(&w, "alba@shop.test", PASSWORD).await), TooManyTries { seconds: 30 }, "even the right one has to wait");
    w.later(Duration::seconds(30));
    assert_eq!(refusal(guess(&w, "alba@shop.test", "wrong").await), WrongLogIn);
    assert_eq!(refusal(guess(&w, "alba@shop.test", PASSWORD).await), TooManyTries { seconds: 60 }, "the pause grows");
    w.later(Duration::seconds(60));
    guess(&w, " ALBA@shop.test ", PASSWORD).await.unwrap();
    assert_eq!(refusal(guess(&w, "alba@shop.test", "wrong").await), WrongLogIn, "getting in begins anew");
    // An address that nobody has is treated the same.
    for _ in 0..5 {
        assert_eq!(refusal(guess(&w, "nobody@shop.test", "wrong").await), WrongLogIn);
    }
    assert!(matches!(refusal(guess(&w, "nobody@shop.test", "wrong").await), TooManyTries { .. }));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn many_guesses_at_once_are_no_way_around_the_pause(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::without_goods(pool, options).await;
    w.hire("alba@shop.test", Role::Agent).await;
    let guesses = (0..12).map(|_| staff::log_in(&w.shop, "alba@shop.test", "wrong", "", w.now));
    let told = futures::future::join_all(guesses).await;
    let checked = told.into_iter().filter(|told| matches!(told, Err(shop::Failure::Refused(WrongLogIn)))).count();
    assert_eq!(checked, 5);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_session_ends_when_unused_when_old_and_when_its_owner_says_so(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::without_goods(pool, options).await;
    let alba = w.hire("alba@shop.test", Role::Agent).await;
    let begun = w.now;
    let cookie = w.enter("alba@shop.test").await;
    assert!(w.opens_desk(&cookie).await);
    w.later(Duration::hours(11));
    assert!(w.opens_desk(&cookie).await);
    w.later(Duration::hours(11));
    assert!(w.opens_desk(&cookie).await, "being used keeps it");
    w.later(Duration::hours(12));
    assert!(!w.opens_desk(&cookie).await, "twelve hours without a request");

    w.now = begun;
    let cookie = w.enter("alba@shop.test").await;
    for _ in 0..16 {
        w.later(Duration::hours(10));
        assert!(w.opens_desk(&cookie).await);
    }
    w.later(Duration::hours(10));
    assert!(!w.opens_desk(&cookie).await, "a week, however much it is used");
    session::sweep(&w.shop, w.now).await.unwrap();
    assert_eq!(w.number("select count(*) from session").await, 0);

    let (here, there) = (w.enter("alba@shop.test").await, w.enter("alba@shop.test").await);
    let id = session::of_staff(&w.shop, &there.0, w.now).await.unwrap().unwrap().id;
    let sol = w.hire("sol@shop.test", Role::Supervisor).await;
    session::end(&w.shop, &sol, id, w.now).await.unwrap();
    assert!(w.opens_desk(&there).await, "nobody ends another's");
    assert_eq!(session::list(&w.shop, &alba, w.now).await.unwrap().len(), 2);
    session::end(&w.shop, &alba, id, w.now).await.unwrap();
    assert!(w.opens_desk(&here).await && !w.opens_desk(&there).await);
    assert_eq!(w.audited("session.ended").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_request_a_second_does_not_write_a_row_a_second(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::without_goods(pool, options).await;
    w.hire("alba@shop.test", Role::Agent).await;
    let (cookie, begun) = (w.enter("alba@shop.test").await, w.now);
    w.later(Duration::seconds(59));
    assert!(w.opens_desk(&cookie).await);
    let seen =
        async |w: &World| sqlx::query_scalar::<_, OffsetDateTime>("select seen_at from session").fetch_one(&w.shop.db).await.unwrap();
    assert!(seen(&w).await - begun < Duration::seconds(1));
    w.later(Duration::seconds(1));
    assert!(w.opens_desk(&cookie).await);
    assert!(seen(&w).await - begun > Duration::seconds(59));
}

/// What the app on a phone would show.
async fn app_shows(w: &World, at: OffsetDateTime) -> String {
    let secret = Secret::Encoded(w.text("select totp_secret from staff").await).to_bytes().unwrap();
    let app = TOTP::new(Algorithm::SHA1, 6, 1, 30, secret, None, "alba".into()).unwrap();
    app.generate(at.unix_timestamp().unsigned_abs())
}

async fn own_session(w: &World, cookie: &domain::token::Token) -> SessionId {
    session::of_staff(&w.shop, &cookie.0, w.now).await.unwrap().unwrap().id
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn with_a_second_factor_the_password_alone_opens_nothing_and_a_code_opens_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::without_goods(pool, options).await;
    let alba = w.hire("alba@shop.test", Role::Agent).await;
    let (cookie, elsewhere) = (w.enter("alba@shop.test").await, w.enter("alba@shop.test").await);
    let own = own_session(&w, &cookie).await;
    staff::begin_second_factor(&w.shop, &alba).await.unwrap();
    let (enrolment, counts) = staff::enrolment(&w.shop, &alba).await.unwrap();
    assert!(enrolment.unwrap().svg.starts_with("<svg") && !counts);
    assert!(staff::log_in(&w.shop, "alba@shop.test", PASSWORD, "", w.now).await.unwrap().way == Way::In, "not before it was confirmed");
    let told = staff::confirm_second_factor(&w.shop, &alba, own, "000000", w.now).await;
    assert_eq!(refusal(told), WrongCode);
    let first = app_shows(&w, w.now).await;
    let recovery = staff::confirm_second_factor(&w.shop, &alba, own, &first, w.now).await.unwrap();
    assert_eq!(recovery.len(), 10);
    assert!(w.opens_desk(&cookie).await && !w.opens_desk(&elsewhere).await, "what the password alone had opened is closed");

    let half = staff::log_in(&w.shop, "alba@shop.test", PASSWORD, "", w.now).await.unwrap();
    assert!(half.way == Way::Code && !w.opens_desk(&half.session).await);
    let half_way = own_session(&w, &half.session).await;
    let complete = async |w: &World, code: &str| staff::complete(&w.shop, half_way, code, "", w.now).await;
    assert_eq!(refusal(complete(&w, &first).await), WrongCode, "it was used to confirm");
    w.later(Duration::seconds(30));
    let next = app_shows(&w, w.now).await;
    let inside = complete(&w, &format!(" {} {} ", &next[..3], &next[3..])).await.unwrap();
    assert!(w.opens_desk(&inside.session).await);
    assert_eq!(refusal(complete(&w, &next).await), NotAllowed, "the first half is spent");

    let again = staff::log_in(&w.shop, "alba@shop.test", PASSWORD, "", w.now).await.unwrap();
    let half_way = own_session(&w, &again.session).await;
    let complete = async |w: &World, code: &str| staff::complete(&w.shop, half_way, code, "", w.now).await;
    assert_eq!(refusal(complete(&w, &next).await), WrongCode, "a code opens once");
    let inside = complete(&w, &recovery[3].to_uppercase()).await.unwrap();
    assert!(w.opens_desk(&inside.session).await);
    let again = staff::log_in(&w.shop, "alba@shop.test", PASSWORD, "", w.now).await.unwrap();
    let half_way = own_session(&w, &again.session).await;
    assert_eq!(refusal(staff::complete(&w.shop, half_way, &recovery[3], "", w.now).await), WrongCode, "so does a recovery code");
    w.later(Duration::minutes(10));
    assert_eq!(refusal(staff::complete(&w.shop, half_way, &recovery[4], "", w.now).await), NotAllowed, "who takes too long begins anew");

    assert_eq!(refusal(staff::remove_second_factor(&w.shop, &alba, "wrong", w.now).await), WrongPassword);
    staff::remove_second_factor(&w.shop, &alba, PASSWORD, w.now).await.unwrap();
    assert!(staff::log_in(&w.shop, "alba@shop.test", PASSWORD, "", w.now).await.unwrap().way == Way::In);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_invitation_opens_once_and_not_for_ever(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::without_goods(pool, options).await;
    let ada = w.hire("ada@shop.test", Role::Administrator).await;
    let new = NewStaff { email: "new@shop.test".into(), name: "Nuria".into(), roles: Roles::of(&[Role::Agent]) };
    let id = staff::invite(&w.shop, &ada, new, Language::Es, w.now).await.unwrap();
    assert_eq!(refusal(staff::log_in(&w.shop, "new@shop.test", "", "", w.now).await), WrongLogIn, "without a password nobody gets in");
    let link = w.link_to("new@shop.test").await;
    assert_eq!(staff::whose_link(&w.shop, &link, w.now).await.unwrap().as_deref(), Some("Nuria"));
    assert_eq!(refusal(staff::choose_password(&w.shop, &link, "short", w.now).await), PasswordTooShort);
    staff::choose_password(&w.shop, &link, PASSWORD, w.now).await.unwrap();
    assert_eq!(refusal(staff::choose_password(&w.shop, &link, "another long one", w.now).await), LinkSpent);
    let cookie = w.enter("new@shop.test").await;

    w.later(Duration::seconds(1));
    staff::send_password_link(&w.shop, &ada, id, Language::En, w.now).await.unwrap();
    let link = w.link_to("new@shop.test").await;
    assert!(w.opens_desk(&cookie).await, "a link that nobody followed changes nothing");
    w.later(Duration::hours(1));
    assert_eq!(refusal(staff::choose_password(&w.shop, &link, "another long one", w.now).await), LinkSpent, "an hour is over");
    staff::ask_for_password_link(&w.shop, "NEW@shop.test", Language::En, w.now).await.unwrap();
    staff::choose_password(&w.shop, &w.link_to("new@shop.test").await, "another long one", w.now).await.unwrap();
    assert!(!w.opens_desk(&cookie).await, "whoever had the old password is out");

    staff::ask_for_password_link(&w.shop, "nobody@shop.test", Language::En, w.now).await.unwrap();
    assert_eq!(w.letters_to("nobody@shop.test").await, 0);
    for _ in 0..9 {
        staff::ask_for_password_link(&w.shop, "new@shop.test", Language::En, w.now).await.unwrap();
    }
    assert!(w.letters_to("new@shop.test").await <= 2 + 5, "nobody's mailbox is filled");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_password_that_was_given_opens_nothing_but_the_choice_of_another(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::without_goods(pool, options).await;
    w.hire("alba@shop.test", Role::Agent).await;
    staff::reset(&w.shop, &Actor::Operator, "alba@shop.test", FirstPassword::Given("read out by phone"), w.now).await.unwrap();
    assert_eq!(refusal(staff::log_in(&w.shop, "alba@shop.test", PASSWORD, "", w.now).await), WrongLogIn);
    let inside = staff::log_in(&w.shop, "alba@shop.test", "read out by phone", "", w.now).await.unwrap();
    assert!(!w.opens_desk(&inside.session).await);
    let Way::Choose(link) = inside.way else { panic!("it let her in") };
    staff::choose_password(&w.shop, &link, PASSWORD, w.now).await.unwrap();
    assert!(w.opens_desk(&w.enter("alba@shop.test").await).await);
    assert_eq!(refusal(staff::log_in(&w.shop, "alba@shop.test", "read out by phone", "", w.now).await), WrongLogIn);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_routing_goes_by_is_kept_tidy(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::without_goods(pool, options).await;
    let (ada, alba) = (w.hire("ada@shop.test", Role::Administrator).await, w.hire("alba@shop.test", Role::Agent).await);
    let work = Work {
        languages: vec![Language::En],
        skills: vec![" Glazes".into(), "glazes".into(), " ".into()],
        load_cap: 900,
        team: "  Mesa  de tarde\0 ".into(),
    };
    assert_eq!(refusal(staff::set_work(&w.shop, &alba, alba.staff().unwrap(), work.clone(), w.now).await), NotAllowed);
    staff::set_work(&w.shop, &ada, alba.staff().unwrap(), work, w.now).await.unwrap();
    let people = staff::list(&w.shop, &ada).await.unwrap();
    let kept = people.into_iter().find(|person| person.email.starts_with("alba")).unwrap().work;
    assert_eq!(kept, Work { languages: vec![Language::En], skills: vec!["glazes".into()], load_cap: 50, team: "Mesa de tarde".into() });
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn only_who_manages_the_staff_changes_it_and_somebody_always_does(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::without_goods(pool, options).await;
    let (ada, alba) = (w.hire("ada@shop.test", Role::Administrator).await, w.hire("alba@shop.test", Role::Agent).await);
    let manager = w.hire("mar@shop.test", Role::Manager).await;
    let cookie = w.enter("alba@shop.test").await;
    let (ada_id, alba_id) = (ada.staff().unwrap(), alba.staff().unwrap());
    for actor in [alba, manager, Actor::Guest { cart: None }] {
        let new = NewStaff { email: "x@shop.test".into(), name: "X".into(), roles: Roles::of(&[Role::Administrator]) };
        assert_eq!(refusal(staff::invite(&w.shop, &actor, new.clone(), Language::Es, w.now).await), NotAllowed);
        assert_eq!(refusal(staff::add(&w.shop, &actor, new.clone(), FirstPassword::Own(PASSWORD), w.now).await), NotAllowed);
        assert_eq!(refusal(staff::set_roles(&w.shop, &actor, alba_id, new.roles, w.now).await), NotAllowed);
        assert_eq!(refusal(staff::switch_off(&w.shop, &actor, ada_id, w.now).await), NotAllowed);
        assert_eq!(refusal(staff::forget_second_factor(&w.shop, &actor, ada_id, w.now).await), NotAllowed);
        assert_eq!(refusal(staff::list(&w.shop, &actor).await), NotAllowed);
    }
    assert_eq!(refusal(staff::switch_off(&w.shop, &ada, ada_id, w.now).await), LastAdministrator);
    assert_eq!(refusal(staff::set_roles(&w.shop, &ada, ada_id, Roles::of(&[Role::Agent]), w.now).await), LastAdministrator);
    staff::set_roles(&w.shop, &ada, alba_id, Roles::of(&[Role::Agent, Role::Administrator]), w.now).await.unwrap();
    let member = session::of_staff(&w.shop, &cookie.0, w.now).await.unwrap().unwrap().member;
    assert!(member.roles.has(Role::Administrator), "roles count from the next request on");
    staff::switch_off(&w.shop, &ada, alba_id, w.now).await.unwrap();
    assert!(!w.opens_desk(&cookie).await);
    assert_eq!(refusal(staff::log_in(&w.shop, "alba@shop.test", PASSWORD, "", w.now).await), WrongLogIn);
    staff::switch_on(&w.shop, &ada, alba_id, w.now).await.unwrap();
    assert!(!w.opens_desk(&cookie).await, "what was ended stays so");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_staff_does_is_found_again_and_cannot_be_undone(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::without_goods(pool, options).await;
    let (ada, alba) = (w.hire("ada@shop.test", Role::Administrator).await, w.hire("alba@shop.test", Role::Agent).await);
    let first_day = w.shop.settings.local(w.now).date();
    w.later(Duration::days(1));
    staff::switch_off(&w.shop, &ada, alba.staff().unwrap(), w.now).await.unwrap();
    let search = async |w: &World, wanted: Search| audit::search(&w.shop, &ada, &wanted).await.unwrap();
    let actions = |page: audit::Page| page.entries.into_iter().map(|entry| entry.action).collect::<Vec<_>>();
    assert_eq!(actions(search(&w, Search::default()).await), ["staff.switched_off", "staff.added", "staff.added"]);
    assert_eq!(actions(search(&w, Search { action: "staff.sw".into(), ..Search::default() }).await), ["staff.switched_off"]);
    assert_eq!(actions(search(&w, Search { person: "ADA@".into(), ..Search::default() }).await), ["staff.switched_off"]);
    assert_eq!(actions(search(&w, Search { day: Some(first_day), ..Search::default() }).await), ["staff.added", "staff.added"]);
    let of_alba = search(&w, Search { subject: "alba@shop.test".into(), ..Search::default() }).await;
    assert_eq!(of_alba.entries[0].subject_name.as_deref(), Some("Alba"));
    assert_eq!(actions(of_alba), ["staff.switched_off", "staff.added"]);

    for _ in 0..60 {
        w.later(Duration::minutes(1));
        staff::switch_on(&w.shop, &ada, alba.staff().unwrap(), w.now).await.unwrap();
    }
    let page = search(&w, Search { action: "staff.switched_on".into(), ..Search::default() }).await;
    assert_eq!((page.entries.len(), page.next.is_some()), (50, true));
    let rest = search(&w, Search { action: "staff.switched_on".into(), before: page.next, ..Search::default() }).await;
    assert_eq!((rest.entries.len(), rest.next), (10, None));
    assert!(rest.entries[0].at < page.entries[49].at);

    assert!(audit::search(&w.shop, &alba, &Search::default()).await.is_err(), "an agent does not see it");
    for change in ["update audit set action = 'x'", "delete from audit"] {
        let told = sqlx::raw_sql(sqlx::AssertSqlSafe(change)).execute(&w.shop.db).await.unwrap_err();
        assert!(told.to_string().contains("append-only"), "{told}");
    }
}
