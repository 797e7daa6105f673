//! The tables of the report, each ending in the same total, and a chart of the hours beside its table.

use super::pages::{duration, share};
use crate::{
    chart::{Bar, Columns},
    words,
};
use domain::{
    Language,
    chat::{Channel, Topic},
    format,
};
use leptos::prelude::*;
use shop::reports::{Figures, Report};

#[component]
pub(super) fn Tables(report: Report, language: Language) -> impl IntoView {
    let total = report.total.clone();
    let most = report.by_hour.iter().map(|(_, f)| f.cases).max().unwrap_or(0).max(1);
    let bars = report.by_hour.iter().map(|(hour, figures)| Bar {
        label: hour.to_string(),
        share: f64::from(figures.cases) / f64::from(most),
        line: None,
        value: if figures.cases == 0 { String::new() } else { figures.cases.to_string() },
    });
    let bars = bars.collect();
    let agents = report.by_agent.into_iter().map(|(agent, f)| (agent.unwrap_or_else(|| words!(language, reports.nobody)), f)).collect();
    let teams = report.by_team.into_iter().map(|(team, f)| (team.unwrap_or_else(|| words!(language, reports.no_team)), f)).collect();
    let topics = report.by_topic.into_iter().map(|(topic, f)| (topic_name(topic, language), f)).collect();
    let channels = report.by_channel.into_iter().map(|(channel, f)| (channel_name(channel, language), f)).collect();
    // Hours without anything say nothing in a table; the chart shows where they are.
    let hours = report.by_hour.into_iter().filter(|(_, f)| f.cases > 0).map(|(hour, f)| (format!("{hour:02}:00"), f)).collect();
    let days = report.by_day.into_iter().map(|(day, f)| (format::short_day(day, language), f)).collect();
    view! {
        <Groups id="by-agent" title=words!(language, reports.by_agent) first=words!(language, reports.agent) rows=agents total=total.clone() language/>
        <Groups id="by-team" title=words!(language, reports.by_team) first=words!(language, reports.team) rows=teams total=total.clone() language/>
        <Groups id="by-topic" title=words!(language, reports.by_topic) first=words!(language, reports.topic_head) rows=topics total=total.clone() language/>
        <Groups id="by-channel" title=words!(language, reports.by_channel) first=words!(language, reports.channel_head) rows=channels
            total=total.clone() language/>
        <section class="panel" aria-labelledby="hours-chart">
            <h2 id="hours-chart">{words!(language, reports.chart)}</h2>
            <Columns title=words!(language, reports.chart) bars/>
        </section>
        <Groups id="by-hour" title=words!(language, reports.by_hour) first=words!(language, reports.hour) rows=hours total=total.clone() language/>
        <Groups id="by-day" title=words!(language, reports.by_day) first=words!(language, reports.day) rows=days total language/>
    }
}

#[component]
fn Groups(
    id: &'static str,
    title: String,
    first: String,
    rows: Vec<(String, Figures)>,
    total: Figures,
    language: Language,
) -> impl IntoView {
    let rows = rows.into_iter().map(|(name, figures)| view! { <tr><th scope="row">{name}</th>{cells(&figures, language)}</tr> });
    view! {
        <section class="panel stack" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby=id>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{first}</th>
                            <th class="numbers" scope="col">{words!(language, reports.cases)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.replied)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.median)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.p90_head)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.reply_in_target)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.resolved)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.resolution_median)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.first_contact)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.abandoned)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.csat)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                    <tfoot><tr><th scope="row">{words!(language, reports.total)}</th>{cells(&total, language)}</tr></tfoot>
                </table>
            </div>
        </section>
    }
}

fn cells(figures: &Figures, language: Language) -> impl IntoView + use<> {
    let time = |seconds: Option<i64>| seconds.map(|s| duration(s, language)).unwrap_or_default();
    view! {
        <td class="numbers">{figures.cases}</td>
        <td class="numbers">{figures.replied}</td>
        <td class="numbers">{time(figures.reply_business.map(|s| s.median))}</td>
        <td class="numbers">{time(figures.reply_business.map(|s| s.p90))}</td>
        <td class="numbers">{share(figures.reply_in_target, language)}</td>
        <td class="numbers">{figures.resolved}</td>
        <td class="numbers">{time(figures.resolution_business.map(|s| s.median))}</td>
        <td class="numbers">{share(figures.first_contact, language)}</td>
        <td class="numbers">{figures.abandoned}</td>
        <td class="numbers">{share(figures.satisfied, language)}</td>
    }
}

#[component]
pub(super) fn Definitions(language: Language) -> impl IntoView {
    let sentences = [
        words!(language, reports.definition.reply),
        words!(language, reports.definition.cycle),
        words!(language, reports.definition.target),
        words!(language, reports.definition.contact),
        words!(language, reports.definition.csat),
        words!(language, reports.definition.abandoned),
        words!(language, reports.definition.team),
    ];
    view! {
        <details>
            <summary>{words!(language, reports.definitions)}</summary>
            <ul class="stack stack--tight">{sentences.map(|sentence| view! { <li>{sentence}</li> }).collect_view()}</ul>
        </details>
    }
}

fn topic_name(topic: Topic, language: Language) -> String {
    match topic {
        Topic::Order => words!(language, reports.topic.order),
        Topic::Delivery => words!(language, reports.topic.delivery),
        Topic::Product => words!(language, reports.topic.product),
        Topic::Payment => words!(language, reports.topic.payment),
        Topic::Returns => words!(language, reports.topic.returns),
        Topic::Complaint => words!(language, reports.topic.complaint),
        Topic::Other => words!(language, reports.topic.other),
    }
}

fn channel_name(channel: Channel, language: Language) -> String {
    match channel {
        Channel::Chat => words!(language, reports.channel.chat),
        Channel::Mail => words!(language, reports.channel.mail),
        Channel::Phone => words!(language, reports.channel.phone),
        Channel::Counter => words!(language, reports.channel.counter),
        Channel::Letter => words!(language, reports.channel.letter),
        Channel::Fax => words!(language, reports.channel.fax),
    }
}
