//! The rules of routing as they are kept, what they decided, and the bench that asks them.

use crate::{Actor, Failure, Fault, Outcome, Shop, audit, new_id, transaction};
use domain::{
    Language,
    chat::Topic,
    customers::CustomerClass,
    desk::DeskRefusal,
    ids::{ConversationId, RuleId, StaffId},
    routing::{Agent, Case, Conditions, Decision, Rule, Target, Why},
    staff::Permission,
};
use serde_json::{Value, json};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// The rules in their order.
///
/// # Errors
/// The database cannot be reached.
pub async fn rules(db: &mut PgConnection) -> Result<Vec<Rule>, Fault> {
    let rows = sqlx::query!(
        "select id, name, language, topic, has_order, customer_class, from_hour, to_hour, skill, staff_id, waits
         from routing_rule order by position, id"
    )
    .fetch_all(db)
    .await?;
    let hour = |hour: i32| u8::try_from(hour).unwrap_or(0);
    let rules = rows.into_iter().filter_map(|row| {
        Some(Rule {
            id: RuleId(row.id),
            name: row.name,
            conditions: Conditions {
                language: row.language.as_deref().and_then(|code| code.parse().ok()),
                topic: row.topic.as_deref().and_then(Topic::from_code),
                has_order: row.has_order,
                class: row.customer_class.as_deref().and_then(CustomerClass::from_code),
                hours: row.from_hour.zip(row.to_hour).map(|(from, to)| (hour(from), hour(to))),
            },
            target: row.skill.map(Target::Skill).or(row.staff_id.map(|id| Target::Person(StaffId(id))))?,
            waits: row.waits,
        })
    });
    Ok(rules.collect())
}

/// Everybody who is there, takes conversations and speaks with shoppers, with what they have now.
///
/// # Errors
/// The database cannot be reached.
pub async fn agents(db: &mut PgConnection, now: OffsetDateTime) -> Result<Vec<Agent>, Fault> {
    let rows = sqlx::query!(
        r#"select s.id, s.name, s.languages, s.skills, s.load_cap,
                  (select count(*) from conversation c where c.assigned_to = s.id and c.state = 'assigned') as "load!",
                  p.given_at
           from staff s join staff_presence p on p.staff_id = s.id
           where s.active and p.state = 'available' and p.until > $1 and s.roles && array['agent', 'supervisor', 'manager']
           order by s.id"#,
        now
    )
    .fetch_all(db)
    .await?;
    let agents = rows.into_iter().map(|row| Agent {
        id: StaffId(row.id),
        name: row.name,
        languages: row.languages.iter().filter_map(|code| code.parse().ok()).collect(),
        skills: row.skills,
        load: u32::try_from(row.load).unwrap_or(u32::MAX),
        cap: u32::try_from(row.load_cap).unwrap_or(0),
        last_given: row.given_at,
    });
    Ok(agents.collect())
}

/// Writes down what was decided about a conversation, and on what.
///
/// # Errors
/// The database refused it.
pub async fn record(
    db: &mut PgConnection,
    conversation: ConversationId,
    case: &Case,
    decision: &Decision,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    sqlx::query!(
        "insert into routing_decision (id, conversation_id, staff_id, rule_id, why, facts, at) values ($1, $2, $3, $4, $5, $6, $7)",
        new_id(now),
        conversation.0,
        decision.agent.map(|id| id.0),
        decision.rule.map(|id| id.0),
        why_code(decision.why),
        json!({ "case": case, "passed_over": decision.passed_over }),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

const fn why_code(why: Why) -> &'static str {
    match why {
        Why::Rule => "rule",
        Why::Skill => "skill",
        Why::LeastLoaded => "least_loaded",
        Why::RuleWaits => "rule_waits",
        Why::Full => "full",
        Why::NobodySpeaksIt => "nobody_speaks_it",
    }
}

/// The rules as whoever may change them sees them, and who is there to be asked by the bench.
#[derive(Debug, Clone)]
pub struct Board {
    pub rules: Vec<Rule>,
    pub agents: Vec<Agent>,
    /// Everybody who may be given conversations, there or not, for rules that name a person.
    pub people: Vec<(StaffId, String)>,
    /// Skills that somebody has.
    pub skills: Vec<String>,
}

/// # Errors
/// Not somebody who answers shoppers or sets rules.
pub async fn board(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<Board, DeskRefusal> {
    needs_rules(actor)?;
    let mut db = shop.db.acquire().await?;
    let people = sqlx::query!(
        "select id, name, skills from staff where active and roles && array['agent', 'supervisor', 'manager'] order by name, id"
    )
    .fetch_all(&mut *db)
    .await?;
    let mut skills: Vec<String> = people.iter().flat_map(|person| person.skills.iter().cloned()).collect();
    skills.sort();
    skills.dedup();
    Ok(Board {
        rules: rules(&mut db).await?,
        agents: agents(&mut db, now).await?,
        people: people.into_iter().map(|person| (StaffId(person.id), person.name)).collect(),
        skills,
    })
}

/// Which agent would get this, by the function that gives the real ones.
///
/// # Errors
/// Not somebody who sets rules.
pub async fn bench(shop: &Shop, actor: &Actor, case: &Case, now: OffsetDateTime) -> Outcome<Decision, DeskRefusal> {
    needs_rules(actor)?;
    let mut db = shop.db.acquire().await?;
    let (rules, agents) = (rules(&mut db).await?, agents(&mut db, now).await?);
    Ok(domain::routing::choose(&rules, &agents, case))
}

/// A rule as a form hands it in.
#[derive(Debug, Clone, Default)]
pub struct NewRule {
    pub name: String,
    pub language: Option<Language>,
    pub topic: Option<Topic>,
    pub has_order: Option<bool>,
    pub class: Option<CustomerClass>,
    pub hours: Option<(u8, u8)>,
    pub skill: String,
    pub person: Option<StaffId>,
    pub waits: bool,
}

/// Adds a rule at the end.
///
/// # Errors
/// No name, or nobody to give to.
pub async fn add_rule(shop: &Shop, actor: &Actor, rule: &NewRule, now: OffsetDateTime) -> Outcome<(), DeskRefusal> {
    needs_rules(actor)?;
    let (name, skill) = (rule.name.trim(), rule.skill.trim());
    if name.is_empty() {
        return Err(Failure::Refused(DeskRefusal::NameMissing));
    }
    // A person is the more exact of the two.
    let skill = Some(skill).filter(|skill| !skill.is_empty() && rule.person.is_none());
    if skill.is_none() && rule.person.is_none() {
        return Err(Failure::Refused(DeskRefusal::TargetMissing));
    }
    let mut db = transaction::begin(&shop.db).await?;
    let id = new_id(now);
    sqlx::query!(
        "insert into routing_rule (id, position, name, language, topic, has_order, from_hour, to_hour, skill, staff_id, waits, customer_class)
         select $1, coalesce(max(position), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 from routing_rule",
        id,
        name,
        rule.language.map(Language::code),
        rule.topic.map(Topic::code),
        rule.has_order,
        rule.hours.map(|(from, _)| i32::from(from)),
        rule.hours.map(|(_, to)| i32::from(to)),
        skill,
        rule.person.map(|id| id.0),
        rule.waits,
        rule.class.map(CustomerClass::code)
    )
    .execute(&mut *db)
    .await?;
    audit::record(&mut db, actor, "routing.added", Some(id), json!({ "name": name }), now).await?;
    db.commit().await?;
    Ok(())
}

/// One place up, where it is not the first.
///
/// # Errors
/// Not somebody who sets rules.
pub async fn raise_rule(shop: &Shop, actor: &Actor, rule: RuleId, now: OffsetDateTime) -> Outcome<(), DeskRefusal> {
    needs_rules(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    let order = sqlx::query_scalar!("select id from routing_rule order by position, id for update").fetch_all(&mut *db).await?;
    if let Some(place) = order.iter().position(|id| *id == rule.0).filter(|&place| place > 0) {
        let mut order = order;
        order.swap(place - 1, place);
        sqlx::query!(
            "update routing_rule r set position = o.place from unnest($1::uuid[]) with ordinality o(id, place) where r.id = o.id",
            &order
        )
        .execute(&mut *db)
        .await?;
        audit::record(&mut db, actor, "routing.raised", Some(rule.0), Value::Null, now).await?;
    }
    db.commit().await?;
    Ok(())
}

/// # Errors
/// Not somebody who sets rules.
pub async fn remove_rule(shop: &Shop, actor: &Actor, rule: RuleId, now: OffsetDateTime) -> Outcome<(), DeskRefusal> {
    needs_rules(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    let removed = sqlx::query_scalar!("delete from routing_rule where id = $1 returning name", rule.0).fetch_optional(&mut *db).await?;
    if let Some(name) = removed {
        audit::record(&mut db, actor, "routing.removed", Some(rule.0), json!({ "name": name }), now).await?;
    }
    db.commit().await?;
    Ok(())
}

fn needs_rules(actor: &Actor) -> Outcome<(), DeskRefusal> {
    actor.needs(Permission::SetRules).map_err(|_| Failure::Refused(DeskRefusal::NotAllowed))
}
