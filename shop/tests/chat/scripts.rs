//! Scripts: what has to be noted before one goes on, versions, and how long each takes.

use super::{
    Shopper, agent, person, present, says, seen,
    support::{World, refusal},
    world,
};
use domain::{
    Language, Translated,
    chat::{ChatRefusal, ConversationState},
    desk::{DeskRefusal, ScriptProblem},
    ids::{ConversationId, ScriptId},
    staff::Role,
};
use shop::{
    Actor, Outcome,
    chat::{self, Going, Run, Who},
    desk::{self, NewScript},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;

const SOURCE: &str = "# which
es: ¿Cuál?
en: Which?
* piece!: Pieza | Piece
* note: Nota | Note
> money: El dinero | Money
> other: Otra | Another
# other
es: Mañana sale.
en: It leaves tomorrow.
* day!: Día | Day
# money
es: Va de vuelta.
en: It is on its way back.
";

fn script(id: Option<ScriptId>, title: &str, source: &str) -> NewScript {
    NewScript { id, title: Translated([(Language::Es, title.to_owned()), (Language::En, title.to_owned())].into()), source: source.into() }
}

/// Writes a script, the only one there is.
async fn written(w: &World) -> (Actor, ScriptId) {
    w.sql("delete from script_version").await;
    w.sql("delete from script").await;
    let chief = person(w, "chief", &[Role::Supervisor], "{es}", 5).await;
    desk::save_script(&w.shop, &chief, &script(None, "Roto", SOURCE), w.now).await.unwrap();
    let id = desk::scripts(&w.shop, &chief).await.unwrap()[0].id;
    (chief, id)
}

/// A conversation that is this agent's.
async fn held(w: &World, by: &Actor) -> (Shopper, ConversationId) {
    let shopper = Shopper::new();
    let id = shopper.opens(w, "Ha llegado roto").await.id;
    chat::post(&w.shop, Who::staff(by), id, says("Lo siento"), w.now).await.unwrap();
    (shopper, id)
}

async fn follow(w: &World, by: &Actor, id: ConversationId, at: &str, notes: &[(&str, &str)], going: Going) -> Outcome<(), DeskRefusal> {
    let notes = notes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    chat::follow_script(&w.shop, by, id, at, &notes, &going, w.now).await
}

async fn run(w: &World, by: &Actor, id: ConversationId) -> Run {
    chat::script_runs(&w.shop, by, id).await.unwrap().remove(0)
}

fn step(run: &Run) -> &str {
    run.step.as_ref().map_or("", |step| &step.name)
}

fn to(step: &str) -> Going {
    Going::To(step.to_owned())
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nobody_comes_to_the_end_of_a_script_without_what_it_requires(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let (_, id) = written(&w).await;
    let eva = present(&w, "Eva").await;
    let (shopper, c) = held(&w, &eva).await;
    chat::start_script(&w.shop, &eva, c, id, w.now).await.unwrap();
    assert_eq!(refusal(chat::start_script(&w.shop, &eva, c, id, w.now).await), DeskRefusal::ScriptRuns);
    let missing = refusal(follow(&w, &eva, c, "which", &[("piece", " "), ("note", "azul"), ("stranger", "x")], to("other")).await);
    assert!(matches!(missing, DeskRefusal::CapturesMissing(labels) if labels[0].get(Language::En) == "Piece"));
    let now = run(&w, &eva, c).await;
    assert_eq!((step(&now), now.captured.len(), now.captured[0].2.as_str()), ("which", 1, "azul"), "what was noted is kept");
    follow(&w, &eva, c, "which", &[("piece", "Cuenco")], to("other")).await.unwrap();
    // A second click on the step that was left.
    follow(&w, &eva, c, "which", &[("piece", "Otra cosa")], to("money")).await.unwrap();
    assert_eq!(step(&run(&w, &eva, c).await), "other");
    let close = Going::End { close: true };
    let missing = refusal(follow(&w, &eva, c, "other", &[], close.clone()).await);
    assert!(matches!(missing, DeskRefusal::CapturesMissing(labels) if labels.len() == 1));
    assert_eq!(seen(&w, shopper, c).await.state, ConversationState::Assigned, "it is not closed without");
    // Back, and a required note taken away: the end needs it again.
    follow(&w, &eva, c, "other", &[("day", "martes")], Going::Back).await.unwrap();
    follow(&w, &eva, c, "which", &[("piece", "")], Going::Stay).await.unwrap();
    refusal(follow(&w, &eva, c, "which", &[], to("money")).await);
    follow(&w, &eva, c, "which", &[("piece", "Cuenco")], to("other")).await.unwrap();
    w.later(Duration::minutes(4));
    follow(&w, &eva, c, "other", &[], close).await.unwrap();
    assert_eq!(seen(&w, shopper, c).await.state, ConversationState::Closed);
    let ended = run(&w, &eva, c).await;
    let notes: Vec<_> = ended.captured.iter().map(|(key, _, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(notes, [("piece", "Cuenco"), ("note", "azul"), ("day", "martes")], "kept with the conversation, in the script's order");
    assert!(ended.done && ended.step.is_none());
    assert_eq!(w.text("select close_reason from conversation").await, "Roto");
    assert_eq!(w.number("select count(*) from audit where action in ('script.started', 'script.done', 'conversation.closed')").await, 3);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_edit_is_a_new_version_and_each_has_its_own_time(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let (chief, id) = written(&w).await;
    let eva = present(&w, "Eva").await;
    let (_, first) = held(&w, &eva).await;
    chat::start_script(&w.shop, &eva, first, id, w.now).await.unwrap();
    let edited = SOURCE.replace("* piece!", "* piece");
    desk::save_script(&w.shop, &chief, &script(Some(id), "Roto", &edited), w.now).await.unwrap();
    desk::save_script(&w.shop, &chief, &script(Some(id), "Roto", &edited), w.now).await.unwrap();
    assert_eq!(desk::scripts(&w.shop, &chief).await.unwrap()[0].version, 2, "what did not change is no version");
    refusal(follow(&w, &eva, first, "which", &[], to("money")).await);
    let (_, second) = held(&w, &eva).await;
    chat::start_script(&w.shop, &eva, second, id, w.now).await.unwrap();
    follow(&w, &eva, second, "which", &[], to("money")).await.unwrap();
    w.later(Duration::minutes(3));
    follow(&w, &eva, second, "money", &[], Going::End { close: false }).await.unwrap();
    // Closed in another way, the script was left.
    w.later(Duration::minutes(7));
    chat::close(&w.shop, &eva, first, "no answer", w.now).await.unwrap();
    let times = desk::handling(&w.shop, &chief).await.unwrap();
    let times: Vec<_> = times.iter().map(|t| (t.version, t.done, t.left, t.median)).collect();
    assert_eq!(times, [(2, 1, 0, Some(180)), (1, 0, 1, None)]);
    let wrong = refusal(desk::save_script(&w.shop, &chief, &script(Some(id), "Roto", "# one"), w.now).await);
    assert!(matches!(wrong, DeskRefusal::Script(fault) if fault.problem == ScriptProblem::LanguageMissing));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn scripts_are_for_whoever_has_the_conversation_and_written_by_who_writes_texts(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let (chief, id) = written(&w).await;
    let (eva, leo) = (present(&w, "Eva").await, agent(&w, "Leo").await);
    let (_, c) = held(&w, &eva).await;
    let taken = DeskRefusal::Chat(ChatRefusal::TakenByAnother);
    assert_eq!(refusal(chat::start_script(&w.shop, &leo, c, id, w.now).await), taken);
    chat::start_script(&w.shop, &eva, c, id, w.now).await.unwrap();
    assert_eq!(refusal(follow(&w, &leo, c, "which", &[("piece", "x")], Going::Stay).await), taken);
    follow(&w, &chief, c, "which", &[], Going::Leave).await.unwrap();
    assert_eq!(refusal(desk::save_script(&w.shop, &eva, &script(None, "Mío", SOURCE), w.now).await), DeskRefusal::NotAllowed);
    assert_eq!(refusal(desk::retire_script(&w.shop, &eva, id, true, w.now).await), DeskRefusal::NotAllowed);
    assert_eq!(refusal(desk::handling(&w.shop, &eva).await), DeskRefusal::NotAllowed);
    desk::retire_script(&w.shop, &chief, id, true, w.now).await.unwrap();
    assert_eq!(refusal(chat::start_script(&w.shop, &eva, c, id, w.now).await), DeskRefusal::NoSuchScript);
}
